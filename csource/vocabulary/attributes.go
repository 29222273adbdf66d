package vocabulary

import "strings"

// Harmless reports whether an attribute changes nothing that is modelled: it is about warnings,
// optimisation, linkage or the layout in memory. What changes which function or field a
// name means is not: alias, weakref, overloadable, transparent_union.
func Harmless(attribute string) bool { return harmless[attribute] }

var harmless = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`access acquire_capability acquired_after acquired_before alloc_align alloc_size
		aligned always_inline artificial assert_capability assume_aligned capability cold common const counted_by deprecated
		designated_init diagnose_if error excludes expected_throw exclusive_lock_function externally_visible
		fallthrough fd_arg fd_arg_read fd_arg_write flag_enum flatten format format_arg gnu_inline hot internal_linkage leaf maybe_unused
		lock_returned lockable locks_excluded malloc may_alias minsize no_icf no_instrument_function
		no_profile_instrument_function no_reorder no_sanitize no_sanitize_address no_sanitize_thread
		no_sanitize_undefined no_split_stack no_stack_protector no_thread_safety_analysis noclone nocommon
		nodiscard noinit noinline noipa nonnull nonstring noplt noreturn nothrow null_terminated_string_arg
		optimize packed patchable_function_entry pt_guarded_by pure release_capability
		requires_capability retain returns_nonnull scoped_lockable section sentinel shared_capability
		simd stack_protect symver target tls_model try_acquire_capability unavailable
		uninitialized unlock_function unsequenced reproducible unused used visibility warn_if_not_aligned warn_unused
		warn_unused_result warning weak`) {
		m[name] = true
	}
	return m
}()
