package syntax

import "strings"

// hasOperators are the operators with which a source asks for what its compiler has.
var hasOperators = map[string]bool{
	"__has_include": true, "__has_attribute": true, "__has_builtin": true, "__has_c_attribute": true,
	"__has_feature":   true,
	"__has_extension": true,
}

// has answers the operator at the beginning of a line, and says how many tokens it has: 0 when none
// stands there. What is not known is a name without a value in Tolerant mode.
func (pp *preprocessor) has(line []token) (answer token, n int) {
	answer = line[0]
	if !hasOperators[answer.text] || pp.unit.macros[answer.text] != nil {
		return answer, 0
	}
	n = operandEnd(line)
	if n == 0 {
		pp.strict(answer, "expected what to look for in parentheses after `"+answer.text+"`")
		return answer, 0
	}
	var operand strings.Builder
	for _, t := range line[2 : n-1] {
		operand.WriteString(t.text)
	}
	value, known := pp.knows(answer, operand.String())
	switch {
	case known:
		answer.kind, answer.text = tokNumber, value
	case pp.unit.opt.Mode == Strict:
		pp.strict(answer, "whether the compiler has "+answer.text[len("__has_"):]+" "+operand.String()+" is not known")
		answer.kind, answer.text = tokNumber, "0"
	default:
		answer.kind, answer.text = tokIdent, answer.text+" "+operand.String()
		answer.flags |= flagNoExpand
	}
	return answer, n
}

// operandEnd is where (...) after the first token of a line ends.
func operandEnd(line []token) int {
	depth := 0
	for i := 1; i < len(line); i++ {
		switch line[i].kind {
		case pLparen:
			depth++
		case pRparen:
			if depth--; depth == 0 && i > 2 {
				return i + 1
			}
		}
		if depth == 0 {
			return 0
		}
	}
	return 0
}

// knows says what GCC answers.
func (pp *preprocessor) knows(op token, operand string) (string, bool) {
	yes := func(has, known bool) (string, bool) {
		if has {
			return "1", true
		}
		return "0", known
	}
	plain := trimUnderscores(operand)
	switch op.text {
	case "__has_include":
		if name, ok := strings.CutPrefix(operand, "<"); ok {
			return yes(systemHeaders[strings.TrimSuffix(name, ".h>")], false)
		}
		if pp.unit.opt.Include == nil || len(operand) < 2 || operand[0] != '"' {
			return "", false
		}
		_, err := pp.unit.opt.Include(pp.unit.pos(op), operand[1:len(operand)-1])
		return yes(err == nil, true)
	case "__has_attribute":
		return yes(gccAttributes[plain], clangAttributes[plain])
	case "__has_c_attribute":
		switch plain {
		case "deprecated", "fallthrough", "maybe_unused", "nodiscard", "noreturn", "_Noreturn":
			return "202311", true
		}
		name, gnu := strings.CutPrefix(operand, "gnu::")
		return yes(gnu && gccAttributes[trimUnderscores(name)], plain == "unsequenced" || plain == "reproducible" ||
			strings.HasPrefix(operand, "clang::"))
	case "__has_builtin":
		return yes(gccBuiltins[operand], clangBuiltins[operand])
	}
	return yes(false, strings.HasSuffix(plain, "_sanitizer") || strings.HasPrefix(plain, "nullability") ||
		plain == "blocks" || plain == "modules")
}

func setOf(names string) map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(names) {
		m[name] = true
	}
	return m
}

// systemHeaders are those of C17, POSIX and Linux with glibc, without their .h.
var systemHeaders = setOf(
	`assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
	stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype
	pthread semaphore sched unistd fcntl poll dirent dlfcn getopt grp pwd netdb regex search strings syslog termios utime utmpx
	aio cpio fmtmsg fnmatch ftw glob iconv langinfo libgen monetary mqueue nl_types spawn tar ulimit wordexp
	malloc alloca err error execinfo byteswap endian features sys/types sys/stat sys/time sys/socket sys/wait sys/mman sys/select
	sys/ioctl sys/resource sys/un sys/uio sys/ipc sys/msg sys/sem sys/shm sys/times sys/utsname sys/epoll sys/eventfd sys/timerfd
	sys/signalfd sys/prctl sys/syscall sys/param sys/sysinfo sys/file sys/queue sys/random sys/cdefs sys/sysmacros sys/vfs
	sys/statvfs sys/inotify sys/ptrace netinet/in netinet/tcp arpa/inet net/if linux/futex linux/types linux/limits linux/version`)

// gccAttributes are attributes that GCC has on x86-64.
var gccAttributes = setOf(
	`access alias aligned alloc_align alloc_size always_inline artificial assume_aligned cdecl cleanup cold common
	const constructor copy deprecated designated_init destructor error externally_visible fallthrough fastcall flatten format
	format_arg gcc_struct gnu_inline hot ifunc interrupt leaf malloc may_alias maybe_unused mode ms_abi ms_struct naked no_icf
	no_instrument_function no_profile_instrument_function no_reorder no_sanitize no_sanitize_address no_sanitize_thread
	no_sanitize_undefined no_split_stack no_stack_protector noclone nocommon nodiscard noinit noinline noipa nonnull nonstring
	noplt noreturn nothrow optimize packed patchable_function_entry pure regparm retain returns_nonnull scalar_storage_order
	section sentinel simd stack_protect stdcall symver sysv_abi tainted_args target target_clones tls_model transparent_union
	unavailable uninitialized unused used vector_size visibility warn_if_not_aligned warn_unused_result warning weak weakref
	zero_call_used_regs`)

// clangAttributes are attributes that GCC does not have.
var clangAttributes = setOf(
	`acquire_capability acquired_after acquired_before assert_capability capability diagnose_if excludes
	exclusive_lock_function guarded_by internal_linkage lock_returned lockable locks_excluded minsize no_thread_safety_analysis
	overloadable pt_guarded_by release_capability requires_capability scoped_lockable shared_capability
	try_acquire_capability unlock_function enable_if pass_object_size availability`)

// gccBuiltins are built-in functions that GCC has.
var gccBuiltins = setOf(
	`__builtin_FILE __builtin_FUNCTION __builtin_LINE __builtin___clear_cache __builtin_abort __builtin_abs
	__builtin_add_overflow __builtin_add_overflow_p __builtin_alloca __builtin_apply __builtin_assume_aligned __builtin_bswap128
	__builtin_bswap16 __builtin_bswap32 __builtin_bswap64 __builtin_calloc __builtin_choose_expr __builtin_classify_type __builtin_clz
	__builtin_clzl __builtin_clzll __builtin_constant_p __builtin_convertvector __builtin_cpu_init __builtin_cpu_supports __builtin_ctz
	__builtin_ctzl __builtin_ctzll __builtin_dynamic_object_size __builtin_exit __builtin_expect __builtin_expect_with_probability
	__builtin_fabs __builtin_ffs __builtin_ffsl __builtin_ffsll __builtin_frame_address __builtin_free __builtin_has_attribute
	__builtin_huge_val __builtin_ia32_pause __builtin_inf __builtin_isnan __builtin_labs __builtin_llabs __builtin_longjmp
	__builtin_malloc __builtin_memcmp __builtin_memcpy __builtin_memmove __builtin_memset __builtin_mul_overflow __builtin_nan
	__builtin_object_size __builtin_offsetof __builtin_parity __builtin_parityl __builtin_parityll __builtin_popcount
	__builtin_popcountl __builtin_popcountll __builtin_prefetch __builtin_printf __builtin_puts __builtin_return_address
	__builtin_sadd_overflow __builtin_saddl_overflow __builtin_setjmp __builtin_shuffle __builtin_shufflevector
	__builtin_speculation_safe_value __builtin_sqrt __builtin_strcmp __builtin_strcpy __builtin_strlen __builtin_strncmp
	__builtin_sub_overflow __builtin_thread_pointer __builtin_trap __builtin_types_compatible_p __builtin_uadd_overflow
	__builtin_uaddl_overflow __builtin_umul_overflow __builtin_umull_overflow __builtin_unreachable __builtin_va_copy __builtin_va_end
	__builtin_va_start __atomic_add_fetch __atomic_clear __atomic_compare_exchange __atomic_compare_exchange_n __atomic_exchange
	__atomic_exchange_n __atomic_fetch_add __atomic_fetch_and __atomic_fetch_or __atomic_fetch_sub __atomic_fetch_xor __atomic_load
	__atomic_load_n __atomic_store __atomic_store_n __atomic_sub_fetch __atomic_test_and_set __atomic_thread_fence
	__sync_bool_compare_and_swap __sync_fetch_and_add __sync_fetch_and_sub __sync_lock_release __sync_lock_test_and_set
	__sync_synchronize __sync_val_compare_and_swap`)

// clangBuiltins are built-in functions that GCC does not have.
var clangBuiltins = setOf(
	`__builtin_addressof __builtin_align_up __builtin_assume __builtin_available __builtin_bitreverse16
	__builtin_bitreverse32 __builtin_bitreverse64 __builtin_bitreverse8 __builtin_counted_by_ref __builtin_debugtrap
	__builtin_is_aligned __builtin_launder __builtin_memcpy_inline __builtin_readcyclecounter __builtin_rotateleft32
	__builtin_rotateleft8 __builtin_unpredictable __builtin_verbose_trap __c11_atomic_load __c11_atomic_store __c11_atomic_init`)
