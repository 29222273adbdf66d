package vocabulary

// memory lists the functions and macros that allocate and free. What GLib allocates is never NULL,
// for GLib ends the process instead.
var memory = []Function{
	{"malloc", Allocate, []Param{Size}, MadeObject, Never},
	{"calloc", Allocate, []Param{Objects, Size}, MadeObject, Never},
	{"g_malloc", Allocate, []Param{Size}, MadeObject, Never},
	{"g_malloc0", Allocate, []Param{Size}, MadeObject, Never},
	{"g_new", Allocate, []Param{TypeName, Objects}, MadeObject, Never},
	{"g_new0", Allocate, []Param{TypeName, Objects}, MadeObject, Never},
	{"g_malloc_n", Allocate, []Param{Objects, Size}, MadeObject, Never},
	{"g_malloc0_n", Allocate, []Param{Objects, Size}, MadeObject, Never},
	{"VIR_ALLOC", AllocateInto, []Param{Place}, Made, Never},
	{"VIR_ALLOC_N", AllocateInto, []Param{Place, Objects}, Made, Never},

	{"free", Free, []Param{Any}, NoResult, Never},
	{"g_free", Free, []Param{Any}, NoResult, Never},
	{"VIR_FREE", FreeAndClear, []Param{Place}, NoResult, Never},
	{"g_clear_pointer", Clear, []Param{PlaceAddress, Callee}, NoResult, Never},

	{"g_steal_pointer", Steal, []Param{PlaceAddress}, SameObject, Never},
	{"VIR_STEAL_PTR", StealInto, []Param{Place, Place}, NoResult, Never},
}

// Zeroed reports whether what a function allocates is zero; else it is not set.
func (f *Function) Zeroed() bool {
	switch f.Name {
	case "calloc", "g_malloc0", "g_malloc0_n", "g_new0", "VIR_ALLOC", "VIR_ALLOC_N":
		return true
	}
	return false
}

// MayFail reports whether a function that allocates can come back without memory.
func (f *Function) MayFail() bool {
	switch f.Name {
	case "malloc", "calloc", "VIR_ALLOC", "VIR_ALLOC_N":
		return true
	}
	return false
}

// Makes reports whether a function returns something new, modelled or not.
func Makes(name string) bool {
	switch name {
	case "virObjectNew", "virObjectLockableNew", "virObjectRWLockableNew", "g_object_new", "g_slice_new0":
		return true
	}
	f := Lookup(name)
	return f != nil && (f.Effect == Allocate || f.Effect == AllocateInto)
}
