package syntax

import "sync"

// predefined are the system's macros with their tokens. Nobody changes them.
var predefined = sync.OnceValue(func() map[string][]token {
	m := make(map[string][]token, len(systemMacros))
	for name, text := range systemMacros {
		m[name] = lexLine(text, 0)
	}
	return m
})

// systemMacros are defined before a source begins: those of GCC for C17 on Linux on x86-64 that
// tell the system, the compiler and the sizes of types. A source may define them otherwise.
var systemMacros = map[string]string{
	"__STDC__": "1", "__STDC_VERSION__": "201710L", "__STDC_HOSTED__": "1", "__STDC_UTF_16__": "1", "__STDC_UTF_32__": "1",
	"__linux__": "1", "__linux": "1", "__gnu_linux__": "1", "__unix__": "1", "__unix": "1", "__ELF__": "1",
	"__GNUC__": "14", "__GNUC_MINOR__": "2", "__GNUC_PATCHLEVEL__": "0", "__GNUC_STDC_INLINE__": "1",
	"__x86_64__": "1", "__x86_64": "1", "__amd64__": "1", "__amd64": "1", "__LP64__": "1", "_LP64": "1",

	"__CHAR_BIT__": "8", "__SIZEOF_SHORT__": "2", "__SIZEOF_INT__": "4",
	"__SIZEOF_LONG__": "8", "__SIZEOF_LONG_LONG__": "8",
	"__SIZEOF_POINTER__": "8", "__SIZEOF_SIZE_T__": "8", "__SIZEOF_PTRDIFF_T__": "8",
	"__SIZEOF_WCHAR_T__": "4", "__SIZEOF_INT128__": "16",
	"__SIZEOF_FLOAT__": "4", "__SIZEOF_DOUBLE__": "8", "__SIZEOF_LONG_DOUBLE__": "16",
	"__SCHAR_MAX__": "127", "__SHRT_MAX__": "32767", "__INT_MAX__": "2147483647", "__LONG_MAX__": "9223372036854775807L",
	"__LONG_LONG_MAX__": "9223372036854775807LL", "__SIZE_MAX__": "18446744073709551615UL",
	"__INTMAX_MAX__": "9223372036854775807L",
	"__INT8_MAX__":   "127", "__INT16_MAX__": "32767", "__INT32_MAX__": "2147483647",
	"__INT64_MAX__": "9223372036854775807L",
	"__UINT8_MAX__": "255", "__UINT16_MAX__": "65535", "__UINT32_MAX__": "4294967295U",
	"__UINT64_MAX__": "18446744073709551615UL",
	"__SIZE_TYPE__":  "long unsigned int", "__PTRDIFF_TYPE__": "long int",
	"__WCHAR_TYPE__": "int", "__INTPTR_TYPE__": "long int",
	"__UINTPTR_TYPE__": "long unsigned int", "__INT64_TYPE__": "long int", "__UINT64_TYPE__": "long unsigned int",
	"__INT32_TYPE__": "int", "__UINT32_TYPE__": "unsigned int",
	"__INTMAX_TYPE__": "long int", "__UINTMAX_TYPE__": "long unsigned int",

	"__ORDER_LITTLE_ENDIAN__": "1234", "__ORDER_BIG_ENDIAN__": "4321",
	"__ORDER_PDP_ENDIAN__": "3412", "__BYTE_ORDER__": "__ORDER_LITTLE_ENDIAN__",
	"__ATOMIC_RELAXED": "0", "__ATOMIC_CONSUME": "1", "__ATOMIC_ACQUIRE": "2",
	"__ATOMIC_RELEASE": "3", "__ATOMIC_ACQ_REL": "4",
	"__ATOMIC_SEQ_CST": "5",
}

// headerMacros are macros of <stdint.h>, <limits.h> and GLib for numbers, which suites need not
// include.
var headerMacros = map[string]string{
	"CHAR_BIT": "8", "SCHAR_MIN": "(-128)", "SCHAR_MAX": "127",
	"UCHAR_MAX": "255", "CHAR_MIN": "(-128)", "CHAR_MAX": "127",
	"SHRT_MIN": "(-32768)", "SHRT_MAX": "32767", "USHRT_MAX": "65535",
	"INT_MIN": "(-2147483647 - 1)", "INT_MAX": "2147483647",
	"UINT_MAX": "4294967295U", "LONG_MIN": "(-9223372036854775807L - 1L)",
	"LONG_MAX": "9223372036854775807L", "ULONG_MAX": "18446744073709551615UL",
	"LLONG_MIN": "(-9223372036854775807LL - 1LL)", "LLONG_MAX": "9223372036854775807LL",
	"ULLONG_MAX": "18446744073709551615ULL",
	"INT8_MIN":   "(-128)", "INT8_MAX": "127", "UINT8_MAX": "255",
	"INT16_MIN": "(-32767-1)", "INT16_MAX": "32767", "UINT16_MAX": "65535",
	"INT32_MIN": "(-2147483647-1)", "INT32_MAX": "2147483647",
	"UINT32_MAX": "4294967295U", "INT64_MIN": "(-9223372036854775807L-1)",
	"INT64_MAX": "9223372036854775807L", "UINT64_MAX": "18446744073709551615UL", "SIZE_MAX": "18446744073709551615UL",
	"SSIZE_MAX": "9223372036854775807L", "PTRDIFF_MIN": "(-9223372036854775807L-1)", "PTRDIFF_MAX": "9223372036854775807L",
	"INTPTR_MIN": "(-9223372036854775807L-1)", "INTPTR_MAX": "9223372036854775807L",
	"UINTPTR_MAX": "18446744073709551615UL",
	"INTMAX_MIN":  "(-9223372036854775807L-1)", "INTMAX_MAX": "9223372036854775807L",
	"UINTMAX_MAX": "18446744073709551615UL",
	"G_MININT":    "(-2147483647 - 1)", "G_MAXINT": "2147483647", "G_MAXUINT": "4294967295U",
	"G_MAXINT32": "2147483647", "G_MAXUINT32": "4294967295U",
	"G_MAXINT64": "9223372036854775807L", "G_MAXUINT64": "18446744073709551615UL", "G_MAXSIZE": "18446744073709551615UL",
}

// constantMacros give an integer constant a type by a suffix.
var constantMacros = map[string]string{
	"INT8_C": "c", "INT16_C": "c", "INT32_C": "c", "INT64_C": "c ## L", "INTMAX_C": "c ## L",
	"UINT8_C": "c", "UINT16_C": "c", "UINT32_C": "c ## U", "UINT64_C": "c ## UL", "UINTMAX_C": "c ## UL",
	"G_GINT64_CONSTANT": "c ## L", "G_GUINT64_CONSTANT": "c ## UL",
}

// giveHeaderMacros defines the macros of headers.
func (p *Parser) giveHeaderMacros() {
	for name, text := range headerMacros {
		p.macros[name] = &macro{name: name, given: true, body: lexLine(text, 0)}
	}
	for name, text := range constantMacros {
		m := &macro{name: name, given: true, function: true, params: []string{"c"}, body: lexLine(text, 0)}
		m.findParams()
		p.macros[name] = m
	}
}
