package lower

// fieldKey is a field of a struct, an element of an array, or a variable at file scope; what is
// assigned in one object is a variable in all of its class.
type fieldKey struct{ class, field int }

func (w *world) fieldKey(r cellRef) fieldKey { return fieldKey{w.objects[r.object].class, r.field} }

// classKey says what makes a class of objects: a struct, or the field or variable that an array is.
type classKey struct {
	strukt *structDef
	outer  fieldKey
}

// classOf numbers the classes, from 1: the variables at file scope are class 0.
func (w *world) classOf(k classKey) int {
	if _, ok := w.classes[k]; !ok {
		w.classes[k] = len(w.classes) + 1
	}
	return w.classes[k]
}
