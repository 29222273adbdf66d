package vocabulary

// threads lists what starts and ends threads, and the process: POSIX's, C11's, GLib's and
// libvirt's.
var threads = []Function{
	{"pthread_create", StartThread, []Param{ThreadAddress, ThreadAttr, ThreadRoutine, Argument}, Zero, Never},
	{"thrd_create", StartThread, []Param{ThreadAddress, ThreadRoutine, Argument}, Zero, Never},
	{"g_thread_new", StartThread, []Param{Label, ThreadRoutine, Argument}, ThreadObject, Never},
	{"virThreadCreate", StartThread, []Param{ThreadAddress, Joinable, ThreadRoutine, Argument}, Zero, Never},
	{"virThreadCreateFull", StartThread, []Param{
		ThreadAddress, Joinable, ThreadRoutine, Label, Number,
		Argument,
	}, Zero, Never},

	{"pthread_join", JoinThread, []Param{ThreadNumber, ResultAddress}, Zero, Never},
	{"thrd_join", JoinThread, []Param{ThreadNumber, ResultAddress}, Zero, Never},
	{"g_thread_join", JoinThread, []Param{ThreadPointer}, ThreadResult, Never},
	{"virThreadJoin", JoinThread, []Param{ThreadAddress}, NoResult, Never},

	{"pthread_detach", DetachThread, []Param{ThreadNumber}, Zero, Never},
	{"thrd_detach", DetachThread, []Param{ThreadNumber}, Zero, Never},
	{"g_thread_unref", DetachThread, []Param{ThreadPointer}, NoResult, Never},

	{"pthread_exit", EndThread, []Param{Any}, NoResult, Never},
	{"thrd_exit", EndThread, []Param{Any}, NoResult, Never},
	{"g_thread_exit", EndThread, []Param{Any}, NoResult, Never},

	{"pthread_attr_init", None, []Param{Pointer}, Zero, Arguments},
	{"pthread_attr_destroy", None, []Param{Pointer}, Zero, Arguments},
	{"pthread_attr_setstacksize", None, []Param{Pointer, Number}, Zero, Arguments},
	{"pthread_attr_setguardsize", None, []Param{Pointer, Number}, Zero, Arguments},

	{"pthread_self", Self, nil, Int, Never},
	{"thrd_current", Self, nil, Int, Never},
	{"virThreadSelfID", Self, nil, Int, Never},
	{"pthread_equal", SameThread, []Param{ThreadNumber, ThreadNumber}, Int, Never},
	{"thrd_equal", SameThread, []Param{ThreadNumber, ThreadNumber}, Int, Never},

	{"exit", EndProcess, []Param{Number}, NoResult, Never},
	{"_exit", EndProcess, []Param{Number}, NoResult, Never},
	{"_Exit", EndProcess, []Param{Number}, NoResult, Never},
	{"quick_exit", EndProcess, []Param{Number}, NoResult, Never},
	{"fork", Fork, nil, Int, Never},
	{"waitpid", Unknown, []Param{Number, SetUnknownOrNull, Number}, Int, Arguments},
	{"abort", Abort, nil, NoResult, Never},
	{"g_abort", Abort, nil, NoResult, Never},
	{"__builtin_trap", Abort, nil, NoResult, Never},
}

// StoresFirst reports whether a thread that starts finds its number stored already, as C11 says.
// POSIX leaves that open.
func (f *Function) StoresFirst() bool { return f.Name == "thrd_create" }
