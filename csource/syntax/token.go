package syntax

import "cmp"

// A kind is the class of a token. Punctuators and keywords have a kind each, so that parsing
// compares small numbers.
type kind uint8

const (
	tokEOF    kind = iota // its text says what ends, when that is not a file
	tokEOL                // end of a directive's line
	tokIdent              // a name that is not a keyword
	tokNumber             // a preprocessing number: integer or floating
	tokChar
	tokString
	tokOther // a character C has no use for

	pLparen
	pRparen
	pLbrace
	pRbrace
	pLbrack
	pRbrack
	pSemi
	pComma
	pDot
	pEllipsis
	pArrow
	pInc
	pDec
	pPlus
	pMinus
	pStar
	pSlash
	pPercent
	pAmp
	pPipe
	pCaret
	pTilde
	pNot
	pShl
	pShr
	pLt
	pGt
	pLe
	pGe
	pEq
	pNe
	pAndAnd
	pOrOr
	pQuestion
	pColon
	pAssign
	pStarAssign
	pSlashAssign
	pPercentAssign
	pPlusAssign
	pMinusAssign
	pShlAssign
	pShrAssign
	pAmpAssign
	pCaretAssign
	pPipeAssign
	pHash
	pHashHash

	kwBreak
	kwCase
	kwContinue
	kwDefault
	kwDo
	kwElse
	kwFor
	kwGoto
	kwIf
	kwReturn
	kwSwitch
	kwWhile
	kwSizeof
	kwAlignof
	kwExtension
	kwAsm
	kwStaticAssert

	kwTypedef // from here on: words that begin a declaration
	kwExtern
	kwStatic
	kwInline
	kwNoreturn
	kwRegister
	kwAuto
	kwThread
	kwConst
	kwVolatile
	kwRestrict
	kwAtomic
	kwAttribute
	kwAlignas
	kwTypeof
	kwAutoType
	kwStruct
	kwUnion
	kwEnum
	kwVoid
	kwChar
	kwShort
	kwInt
	kwLong
	kwFloat
	kwDouble
	kwSigned
	kwUnsigned
	kwBool
	kwComplex
	kwInt128
	kwFloat128
	kwVaList
)

const (
	firstKeyword  = kwBreak
	firstDeclWord = kwTypedef
)

// spelling returns how a punctuator is written, for messages and operators.
func (k kind) spelling() string {
	switch k {
	case pLparen:
		return "("
	case pRparen:
		return ")"
	case pLbrace:
		return "{"
	case pRbrace:
		return "}"
	case pLbrack:
		return "["
	case pRbrack:
		return "]"
	case pSemi:
		return ";"
	case pComma:
		return ","
	case pDot:
		return "."
	case pEllipsis:
		return "..."
	case pArrow:
		return "->"
	case pInc:
		return "++"
	case pDec:
		return "--"
	case pPlus:
		return "+"
	case pMinus:
		return "-"
	case pStar:
		return "*"
	case pSlash:
		return "/"
	case pPercent:
		return "%"
	case pAmp:
		return "&"
	case pPipe:
		return "|"
	case pCaret:
		return "^"
	case pTilde:
		return "~"
	case pNot:
		return "!"
	case pShl:
		return "<<"
	case pShr:
		return ">>"
	case pLt:
		return "<"
	case pGt:
		return ">"
	case pLe:
		return "<="
	case pGe:
		return ">="
	case pEq:
		return "=="
	case pNe:
		return "!="
	case pAndAnd:
		return "&&"
	case pOrOr:
		return "||"
	case pQuestion:
		return "?"
	case pColon:
		return ":"
	case pAssign:
		return "="
	case pStarAssign:
		return "*="
	case pSlashAssign:
		return "/="
	case pPercentAssign:
		return "%="
	case pPlusAssign:
		return "+="
	case pMinusAssign:
		return "-="
	case pShlAssign:
		return "<<="
	case pShrAssign:
		return ">>="
	case pAmpAssign:
		return "&="
	case pCaretAssign:
		return "^="
	case pPipeAssign:
		return "|="
	case pHash:
		return "#"
	case pHashHash:
		return "##"
	}
	return ""
}

// keyword returns the kind of a name: a keyword's own, or tokIdent.
func keyword(name string) kind {
	switch name {
	case "break":
		return kwBreak
	case "case":
		return kwCase
	case "continue":
		return kwContinue
	case "default":
		return kwDefault
	case "do":
		return kwDo
	case "else":
		return kwElse
	case "for":
		return kwFor
	case "goto":
		return kwGoto
	case "if":
		return kwIf
	case "return":
		return kwReturn
	case "switch":
		return kwSwitch
	case "while":
		return kwWhile
	case "sizeof":
		return kwSizeof
	case "_Alignof", "__alignof__", "__alignof":
		return kwAlignof
	case "__extension__":
		return kwExtension
	case "asm", "__asm__", "__asm":
		return kwAsm
	case "_Static_assert", "static_assert":
		return kwStaticAssert
	case "typedef":
		return kwTypedef
	case "extern":
		return kwExtern
	case "static":
		return kwStatic
	case "inline", "__inline__", "__inline":
		return kwInline
	case "_Noreturn":
		return kwNoreturn
	case "register":
		return kwRegister
	case "auto":
		return kwAuto
	case "_Thread_local", "__thread", "thread_local": // a macro of <threads.h>, and C23's
		return kwThread
	case "const", "__const", "__const__":
		return kwConst
	case "volatile", "__volatile__", "__volatile":
		return kwVolatile
	case "restrict", "__restrict", "__restrict__":
		return kwRestrict
	case "_Atomic":
		return kwAtomic
	case "__attribute__", "__attribute":
		return kwAttribute
	case "_Alignas":
		return kwAlignas
	case "typeof", "__typeof__", "__typeof":
		return kwTypeof
	case "__auto_type":
		return kwAutoType
	case "struct":
		return kwStruct
	case "union":
		return kwUnion
	case "enum":
		return kwEnum
	case "void":
		return kwVoid
	case "char":
		return kwChar
	case "short":
		return kwShort
	case "int":
		return kwInt
	case "long":
		return kwLong
	case "float":
		return kwFloat
	case "double":
		return kwDouble
	case "signed", "__signed__", "__signed":
		return kwSigned
	case "unsigned":
		return kwUnsigned
	case "_Bool":
		return kwBool
	case "_Complex", "__complex__":
		return kwComplex
	case "__int128":
		return kwInt128
	case "__float128", "_Float128":
		return kwFloat128
	case "__builtin_va_list":
		return kwVaList
	}
	return tokIdent
}

// A token is one preprocessing token. It is small because a file is a slice of them.
type token struct {
	kind  kind
	flags tokenFlags
	file  uint32 // index into Parser.files
	line  uint32
	col   uint32
	text  string
}

type tokenFlags uint8

const (
	flagLineStart tokenFlags = 1 << iota // first on its line
	flagSpace                            // white space before it
	flagNoExpand                         // a macro's own name inside its expansion: never to be expanded
	flagUnclosed                         // a literal without its closing quote
	flagMacro                            // out of a macro's body: its position is the use of the macro
)

func (t token) has(f tokenFlags) bool { return t.flags&f != 0 }

// isWord reports whether the preprocessor sees t as an identifier.
func (t token) isWord() bool { return t.kind == tokIdent || t.kind >= firstKeyword }

// describe is how messages name a token.
func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return "end of " + cmp.Or(t.text, "file")
	case tokEOL:
		return "end of line"
	}
	const most = 40
	s := t.text
	if len(s) > most {
		s = s[:most] + "..."
	}
	return "`" + s + "`"
}
