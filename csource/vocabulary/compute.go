package vocabulary

// IsConstant reports whether what looks like a call of that name is none: its arguments are types,
// or are not evaluated.
func IsConstant(name string) bool {
	switch name {
	case "offsetof", "__builtin_offsetof", "G_STRUCT_OFFSET", "__builtin_types_compatible_p", "__builtin_constant_p",
		"__builtin_choose_expr":
		return true
	}
	return false
}

// computed are functions of integers, or of texts that do not change, which have no effect. What
// they come to is known where their arguments are.
var computed = []Function{
	{"abs", Compute, []Param{Number}, Int, Arguments},
	{"labs", Compute, []Param{Number}, Int, Arguments},
	{"llabs", Compute, []Param{Number}, Int, Arguments},
	{"ffs", Compute, []Param{Number}, Int, Arguments},
	{"ffsl", Compute, []Param{Number}, Int, Arguments},
	{"ffsll", Compute, []Param{Number}, Int, Arguments},
	{"htonl", Compute, []Param{Number}, Int, Arguments},
	{"htons", Compute, []Param{Number}, Int, Arguments},
	{"ntohl", Compute, []Param{Number}, Int, Arguments},
	{"ntohs", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_abs", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_labs", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_llabs", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_ffs", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_ffsl", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_ffsll", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_clz", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_clzl", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_clzll", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_ctz", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_ctzl", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_ctzll", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_popcount", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_popcountl", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_popcountll", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_parity", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_parityl", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_parityll", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_bswap16", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_bswap32", Compute, []Param{Number}, Int, Arguments},
	{"__builtin_bswap64", Compute, []Param{Number}, Int, Arguments},
	{"strlen", CompareText, []Param{Any}, Int, Arguments},
	{"strcmp", CompareText, []Param{Any, Any}, Int, Arguments},
	{"strncmp", CompareText, []Param{Any, Any, Number}, Int, Arguments},
	{"STREQ", CompareText, []Param{Any, Any}, Int, Arguments},
	{"STRNEQ", CompareText, []Param{Any, Any}, Int, Arguments},
	{"STREQ_NULLABLE", CompareText, []Param{TextOrNull, TextOrNull}, Int, Arguments},
	{"STRNEQ_NULLABLE", CompareText, []Param{TextOrNull, TextOrNull}, Int, Arguments},
	{"STRPREFIX", CompareText, []Param{Any, Any}, Int, Arguments},
	{"g_strcmp0", CompareText, []Param{TextOrNull, TextOrNull}, Int, Arguments},
	{"g_str_equal", CompareText, []Param{Any, Any}, Int, Arguments},
	{"g_str_has_prefix", CompareText, []Param{Any, Any}, Int, Arguments},
	{"__builtin_expect", Expect, []Param{Number, Number}, Int, Arguments},
	{"__builtin_unreachable", Unreachable, nil, NoResult, Never},
	{"unreachable", Unreachable, nil, NoResult, Never},
}
