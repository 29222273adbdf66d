package vocabulary

// clocks lists what gives a time or a random number: something of which a model knows nothing but
// that it is there. Around it stand the calls that only pass time.
var clocks = []Function{
	{"time", Unknown, []Param{SetUnknownOrNull}, Long, Never},
	{"clock", Unknown, nil, Long, Never},
	{"clock_gettime", Unknown, []Param{Number, SetUnknown}, Zero, Never},
	{"clock_getres", Unknown, []Param{Number, SetUnknownOrNull}, Zero, Never},
	{"gettimeofday", Unknown, []Param{SetUnknownOrNull, Any}, Zero, Never},
	{"timespec_get", Unknown, []Param{SetUnknown, Number}, Int, Never},
	{"virTimeMillisNow", Unknown, []Param{SetUnknown}, Zero, Never},
	{"virTimeMillisNowRaw", Unknown, []Param{SetUnknown}, Zero, Never},
	{"g_get_monotonic_time", Unknown, nil, Long, Never},
	{"g_get_real_time", Unknown, nil, Long, Never},

	{"rand", Unknown, nil, Int, Never},
	{"rand_r", Unknown, []Param{SetUnknown}, Int, Never},
	{"random", Unknown, nil, Long, Never},
	{"lrand48", Unknown, nil, Long, Never},
	{"arc4random", Unknown, nil, Unsigned, Never},
	{"g_random_int", Unknown, nil, Unsigned, Never},
	{"g_random_int_range", Unknown, []Param{Number, Number}, Int, Never},
	{"virRandomBits", Unknown, []Param{Number}, Long, Never},
	{"virRandomInt", Unknown, []Param{Number}, Unsigned, Never},
	{"srand", None, []Param{Number}, NoResult, Arguments},
	{"srandom", None, []Param{Number}, NoResult, Arguments},
	{"srand48", None, []Param{Number}, NoResult, Arguments},

	{"nanosleep", None, []Param{Pointer, Null}, Zero, Arguments},
	{"clock_nanosleep", None, []Param{Number, Number, Pointer, Null}, Zero, Arguments},
	{"thrd_sleep", None, []Param{Pointer, Null}, Zero, Arguments},

	{"pthread_cond_init", Init, []Param{Cond, Any}, Zero, Arguments},
	{"pthread_condattr_init", None, []Param{Pointer}, Zero, Arguments},
	{"pthread_condattr_setclock", None, []Param{Pointer, Number}, Zero, Arguments},
	{"pthread_condattr_setpshared", None, []Param{Pointer, Number}, Zero, Arguments},
	{"pthread_condattr_destroy", None, []Param{Pointer}, Zero, Arguments},
	{"pthread_cond_clockwait", Wait, []Param{Cond, Mutex, Any, Any}, TimedResult, Never},
}
