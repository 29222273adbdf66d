package vocabulary

// Constant is the value of a constant of the system's headers, where no source defines its name:
// the error numbers of Linux on x86-64, and those of C11's threads as glibc has them.
func Constant(name string) (int64, bool) {
	v, ok := constants[name]
	return v, ok
}

var constants = map[string]int64{
	"EPERM": 1, "ENOENT": 2, "ESRCH": 3, "EINTR": 4, "EIO": 5, "ENXIO": 6, "E2BIG": 7, "ENOEXEC": 8, "EBADF": 9, "ECHILD": 10,
	"EAGAIN": 11, "EWOULDBLOCK": 11, "ENOMEM": 12, "EACCES": 13, "EFAULT": 14, "EBUSY": 16, "EEXIST": 17, "EXDEV": 18, "ENODEV": 19,
	"ENOTDIR": 20, "EISDIR": 21, "EINVAL": 22, "ENFILE": 23, "EMFILE": 24, "ENOTTY": 25, "EFBIG": 27, "ENOSPC": 28, "ESPIPE": 29,
	"EROFS": 30, "EMLINK": 31, "EPIPE": 32, "EDOM": 33, "ERANGE": 34, "EDEADLK": 35, "EDEADLOCK": 35, "ENAMETOOLONG": 36, "ENOLCK": 37,
	"ENOSYS": 38, "ENOTEMPTY": 39, "ELOOP": 40, "ENOMSG": 42, "EIDRM": 43, "ENODATA": 61, "ETIME": 62, "EPROTO": 71, "EBADMSG": 74,
	"EOVERFLOW": 75, "EILSEQ": 84, "ENOTSOCK": 88, "EMSGSIZE": 90, "EOPNOTSUPP": 95, "ENOTSUP": 95, "EADDRINUSE": 98,
	"ECONNABORTED": 103, "ECONNRESET": 104, "ENOBUFS": 105, "EISCONN": 106, "ENOTCONN": 107, "ETIMEDOUT": 110, "ECONNREFUSED": 111,
	"EHOSTUNREACH": 113, "EALREADY": 114, "EINPROGRESS": 115, "ECANCELED": 125, "EOWNERDEAD": 130, "ENOTRECOVERABLE": 131,

	"PTHREAD_MUTEX_NORMAL": 0, "PTHREAD_MUTEX_DEFAULT": 0, "PTHREAD_MUTEX_RECURSIVE": 1, "PTHREAD_MUTEX_ERRORCHECK": 2,
	"PTHREAD_MUTEX_TIMED_NP": 0, "PTHREAD_MUTEX_FAST_NP": 0, "PTHREAD_MUTEX_RECURSIVE_NP": 1, "PTHREAD_MUTEX_ERRORCHECK_NP": 2,
	"PTHREAD_MUTEX_ADAPTIVE_NP": 3, "PTHREAD_PRIO_NONE": 0, "PTHREAD_PRIO_INHERIT": 1, "PTHREAD_PRIO_PROTECT": 2,

	"mtx_plain": 0, "mtx_recursive": 1, "mtx_timed": 2,
	"thrd_success": 0, "thrd_busy": 1, "thrd_error": 2, "thrd_nomem": 3, "thrd_timedout": 4,

	"PTHREAD_BARRIER_SERIAL_THREAD": -1, "SEM_VALUE_MAX": 2147483647, "PTHREAD_PROCESS_PRIVATE": 0, "PTHREAD_PROCESS_SHARED": 1,

	"EXIT_SUCCESS": 0, "EXIT_FAILURE": 1, "G_USEC_PER_SEC": 1000000,
}
