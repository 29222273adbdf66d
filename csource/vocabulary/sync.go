package vocabulary

// syncs lists what POSIX, C11 and libvirt have beside mutexes and conditions to make threads wait
// for one another: semaphores, barriers, what is done once, spin locks, and locks with a limit in
// time.
var syncs = []Function{
	{"pthread_mutex_timedlock", TimedLock, []Param{Mutex, Any}, TimedResult, Never},
	{"pthread_mutex_clocklock", TimedLock, []Param{Mutex, Any, Any}, TimedResult, Never},
	{"mtx_timedlock", TimedLock, []Param{Mutex, Any}, ThreadTimed, Never},
	{"pthread_spin_init", Init, []Param{Mutex, Any}, Zero, Arguments},
	{"pthread_spin_lock", Lock, []Param{Mutex}, Zero, Never},
	{"pthread_spin_trylock", TryLock, []Param{Mutex}, TryResult, Never},
	{"pthread_spin_unlock", Unlock, []Param{Mutex}, Zero, Never},
	{"pthread_spin_destroy", Destroy, []Param{Mutex}, Zero, Arguments},

	{"pthread_once", Once, []Param{OnceControl, Routine}, Zero, Never},
	{"virOnce", Once, []Param{OnceControl, Routine}, Zero, Never},
	{"call_once", Once, []Param{OnceControl, Routine}, NoResult, Never},

	{"sem_init", SemInit, []Param{Semaphore, Any, Number}, WaitResult, Never},
	{"sem_wait", SemWait, []Param{Semaphore}, Zero, Never},
	{"sem_trywait", SemTryWait, []Param{Semaphore}, WaitResult, Never},
	{"sem_timedwait", SemTimedWait, []Param{Semaphore, Any}, WaitResult, Never},
	{"sem_clockwait", SemTimedWait, []Param{Semaphore, Any, Any}, WaitResult, Never},
	{"sem_post", SemPost, []Param{Semaphore}, Zero, Never},
	{"sem_getvalue", SemValue, []Param{Semaphore, IntAddress}, Zero, Never},
	{"sem_destroy", Destroy, []Param{Semaphore}, Zero, Arguments},

	{"pthread_barrier_init", BarrierInit, []Param{Barrier, Null, Number}, Zero, Never},
	{"pthread_barrier_wait", BarrierWait, []Param{Barrier}, Int, Never},
	{"pthread_barrier_destroy", BarrierDestroy, []Param{Barrier}, Zero, Never},
}
