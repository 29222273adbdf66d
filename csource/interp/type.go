package interp

import "github.com/lockproof/lockproof/csource/syntax"

// ctype is a C type, qualifiers gone.
type ctype struct {
	kind   kind
	name   string // of an integer, as C says it
	lo     int64  // of an integer: the values that it holds
	hi     uint64
	bits   int
	elem   *ctype  // of a pointer or an array
	strukt *strukt // of a struct or union
}

type kind uint8

const (
	kOther kind = iota // floating point, functions: may be declared and not used
	kVoid
	kInt
	kPointer
	kStruct
	kMutex
	kCond
	kArray
	kUnknown // what a function returns that the program does not declare: an integer or a pointer
)

var (
	otherType   = &ctype{kind: kOther}
	atomicType  = &ctype{kind: kOther, name: "_Atomic, which is only modelled"}
	voidType    = &ctype{kind: kVoid}
	mutexType   = &ctype{kind: kMutex}
	condType    = &ctype{kind: kCond}
	unknownType = &ctype{kind: kUnknown}
	badType     = &ctype{kind: kUnknown} // of what was refused: nothing more is said about it
	anyPointer  = pointerTo(voidType)
	stringType  = pointerTo(charType)
)

func pointerTo(t *ctype) *ctype { return &ctype{kind: kPointer, elem: t} }

// isObject reports whether a variable of the type is known by its address alone: it is never read
// or assigned as a whole.
func (t *ctype) isObject() bool {
	return t.kind == kStruct || t.kind == kMutex || t.kind == kCond || t.kind == kArray
}

func (t *ctype) String() string {
	switch t.kind {
	case kVoid:
		return "void"
	case kInt:
		return t.name
	case kPointer:
		return t.elem.String() + " *"
	case kStruct:
		return "struct " + t.strukt.tag
	case kMutex:
		return "virMutex"
	case kCond:
		return "virCond"
	case kArray:
		return t.elem.String() + " []"
	case kUnknown:
		return "of a type that is not declared"
	}
	if t.name != "" {
		return t.name
	}
	return "a type without meaning here"
}

// strukt is a struct or union; its fields are known once it is defined.
type strukt struct {
	tag     string
	isUnion bool
	fields  map[string]*ctype
	defined bool
}

var systemTypes = map[string]*ctype{
	"virMutex": mutexType, "pthread_mutex_t": mutexType, "mtx_t": mutexType,
	"cnd_t": condType, "virMutexPtr": pointerTo(mutexType),
	"virCond": condType, "pthread_cond_t": condType, "virCondPtr": pointerTo(condType),
	"gpointer": anyPointer, "gconstpointer": anyPointer,
	"bool": boolType, "gboolean": intType, "gchar": charType, "guchar": ucharType,
	"int8_t": scharType, "uint8_t": ucharType, "int16_t": shortType,
	"uint16_t": ushortType, "int32_t": intType, "uint32_t": uintType,
	"gint8": scharType, "guint8": ucharType, "gint16": shortType,
	"guint16": ushortType, "gint32": intType, "guint32": uintType,
	"gint": intType, "guint": uintType, "uint": uintType, "u_int": uintType, "gshort": shortType, "gushort": ushortType,
	"pid_t": intType, "uid_t": uintType, "gid_t": uintType, "mode_t": uintType, "id_t": uintType, "key_t": intType,
	"size_t": ulongType, "gsize": ulongType, "gulong": ulongType,
	"ulong": ulongType, "uint64_t": ulongType, "guint64": ulongType,
	"u_long": ulongType, "u_char": ucharType, "ushort": ushortType, "uintptr_t": ulongType, "uintmax_t": ulongType,
	"guintptr": ulongType, "dev_t": ulongType, "ino_t": ulongType,
	"nlink_t": ulongType, "GType": ulongType, "pthread_t": ulongType,
	"int64_t": longType, "gint64": longType, "intptr_t": longType,
	"intmax_t": longType, "gintptr": longType, "glong": longType,
	"ssize_t": longType, "gssize": longType, "ptrdiff_t": longType,
	"off_t": longType, "off64_t": longType, "goffset": longType,
	"time_t": longType, "clock_t": longType, "suseconds_t": longType, "useconds_t": uintType, "clockid_t": intType,
	"socklen_t": uintType, "sa_family_t": ushortType, "wchar_t": intType, "gunichar": uintType, "pthread_key_t": uintType,
}

// resolve finds what a type means. A name that nobody declared is one of the system's: it has a
// meaning here when it is listed above.
func (s *scope) resolve(t syntax.Type) *ctype {
	switch t := t.(type) {
	case *syntax.Basic:
		return basicType(t.Name)
	case *syntax.EnumType:
		return s.enum(t)
	case *syntax.TypeName:
		if d := s.typedef(t.Name); d != nil {
			return d
		}
		if d := systemTypes[t.Name]; d != nil {
			return d
		}
	case *syntax.StructType:
		return &ctype{kind: kStruct, strukt: s.strukt(t)}
	case *syntax.Atomic:
		return atomicType
	case *syntax.Pointer:
		return pointerTo(s.resolve(t.Elem))
	case *syntax.Array:
		return &ctype{kind: kArray, elem: s.resolve(t.Elem)}
	case *syntax.TypeofType:
		if t.Type != nil {
			return s.resolve(t.Type)
		}
	}
	return otherType
}

func basicType(name string) *ctype {
	if name == "void" {
		return voidType
	}
	for _, t := range integerTypes {
		if t.name == name {
			return t
		}
	}
	return otherType
}
