package vocabulary

// InChild is the parameter that a function calls in a child process which it forks, before that
// runs anything else; false when it calls none there. Locks that other threads held when the
// process was forked are never free there.
func InChild(name string) (param int, ok bool) {
	switch name {
	case "virProcessRunInFork":
		return 0, true
	case "virCommandSetPreExecHook", "virProcessRunInMountNamespace":
		return 1, true
	}
	return 0, false
}
