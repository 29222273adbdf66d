package vocabulary

import (
	"maps"
	"slices"
	"strings"
)

// Instead says what to write instead of a name that is known and is not modelled, or "".
func Instead(name string) string { return instead[name] }

var instead = func() map[string]string {
	m := map[string]string{}
	for hint, names := range map[string][]string{
		"assign the fields one by one": {
			"explicit_bzero", "__builtin_memset", "__builtin_memcpy",
		},
		"free it with free, g_free or VIR_FREE, or let a reference count say when: __attribute__((refcount)) and " +
			"virObjectUnref": {
			"g_clear_object", "g_object_unref", "g_object_ref", "kfree", "virFree", "VIR_DISPOSE",
		},
		"allocate one object with malloc, calloc or g_new0, or let it exist from the start: a variable at file scope, " +
			"__attribute__((new)), an argument": {
			"realloc", "reallocarray", "aligned_alloc", "posix_memalign", "alloca", "strdup", "strndup",
			"g_strdup", "g_slice_new", "kmalloc", "kzalloc", "VIR_STRDUP", "virObjectNew",
		},
		"let the thread look at a variable, and return":                    {"pthread_cancel", "pthread_kill"},
		"call pthread_detach with the thread that pthread_create has made": {"pthread_attr_setdetachstate"},
		"join it with pthread_join": {
			"pthread_tryjoin_np", "pthread_timedjoin_np",
			"pthread_clockjoin_np",
		},
		"start it with pthread_create, g_thread_new or virThreadCreate": {
			"g_thread_try_new", "virThreadCreateSimple", "clone",
		},
		"call fork": {"vfork"},
		"write what the handlers do beside each fork": {"pthread_atfork"},
		"end the child with _exit":                    {"execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe"},
		"return from the function": {
			"longjmp", "siglongjmp", "setjmp", "sigsetjmp", "g_error", "raise", "kill", "atexit", "at_quick_exit",
		},
		"a mutex whose owner dies is not modelled: leave it out": {
			"pthread_mutexattr_setrobust", "pthread_mutexattr_setrobust_np", "pthread_mutex_consistent",
			"pthread_mutex_consistent_np",
		},
		"use a variable at file scope, and sem_init": {"sem_open", "sem_close", "sem_unlink"},
		"write errno": {"__errno_location"},
		"use nondet(), or a parameter that the scenario gives": {
			"drand48", "erand48", "nrand48", "mrand48", "jrand48", "random_r",
			"lrand48_r", "drand48_r", "getrandom", "getentropy", "g_random_double",
			"getenv", "getpid", "gettid", "read", "write", "poll", "select", "recv", "send", "scanf", "fgets", "getchar",
		},
		"text is not modelled: leave it out": {
			"sprintf", "snprintf", "vsnprintf", "asprintf", "vasprintf", "virAsprintf", "strcpy", "strncpy", "strcat",
			"strchr", "g_strdup_printf", "virUUIDFormat", "virBufferAsprintf",
		},
		"a variable argument list is not modelled: name the arguments": {"va_start", "va_end", "va_arg", "va_copy"},
	} {
		for _, name := range names {
			m[name] = hint
		}
	}
	return m
}()

// Describes reports whether a function only makes a text of its arguments: in messages.
func Describes(name string) bool {
	return slices.Contains(texts, name) || strings.HasSuffix(name, "ToString") && Lookup(name) == nil
}

var texts = []string{
	"_", "N_", "Q_", "gettext", "dgettext", "ngettext", "strerror",
	"strsignal", "g_strerror", "virStrError", "virGetLastErrorMessage",
	"NULLSTR", "NULLSTR_EMPTY", "NULLSTR_STAR", "NULLSTR_MINUS", "getpid", "gettid", "pthread_self", "virThreadSelfID",
}

// Refused lists the names for which [Instead] knows something, in order.
func Refused() []string { return slices.Sorted(maps.Keys(instead)) }
