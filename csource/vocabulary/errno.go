package vocabulary

import "strings"

// keepsErrno are the beginnings of names whose calls leave errno alone where they do not fail:
// POSIX threads report errors by their results, semaphores set errno when they fail and only then,
// and libvirt's locks and C11's are made of these.
var keepsErrno = []string{
	"pthread_", "sem_", "mtx_", "cnd_", "call_once", "virMutex",
	"virCond", "virRWLock", "virOnce", "virLockGuard", "virObjectLock",
	"virObjectUnlock", "atomic_", "__atomic_", "__sync_", "g_atomic_",
	"virAtomic", "G_LIKELY", "G_UNLIKELY", "ignore_value",
}

// Errno is what a call does to errno: the name of the error that it sets it to, "" and true where
// it leaves it alone, "" and false where it may set it to anything. A call failed that gives up,
// finds no memory, or is refused for its arguments.
func (f *Function) Errno(failed bool) (name string, known bool) {
	if failed {
		switch f.Effect {
		case SemTryWait:
			return "EAGAIN", true
		case SemTimedWait:
			return "ETIMEDOUT", true
		case SemInit:
			return "EINVAL", true
		case Wait:
			switch {
			case f.Name == "virCondWaitUntil":
				return "ETIMEDOUT", true
			case f.Result == WaitResult: // of a wait without a deadline: what went wrong is not known
				return "", false
			}
		case Allocate:
			return "ENOMEM", f.Name == "malloc" || f.Name == "calloc"
		}
	}
	switch f.Effect {
	case Self, Nondet, ClientGone, Answers, Held, Check, Requires, Assert:
		return "", true
	}
	for _, p := range keepsErrno {
		if strings.HasPrefix(f.Name, p) {
			return "", true
		}
	}
	return "", false
}
