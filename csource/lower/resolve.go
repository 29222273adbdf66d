package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// builtinTypes are the typedef names whose meaning is known without a declaration.
var builtinTypes = map[string]*typ{
	"virMutex": mutexType, "pthread_mutex_t": mutexType,
	"virCond": condType, "pthread_cond_t": condType,
	"mtx_t": mutexType, "cnd_t": condType,
	"GRecMutex": recType, "pthread_mutexattr_t": mutexAttrType, "pthread_rwlockattr_t": rwlockAttrType,
	"pthread_condattr_t": newInteger("pthread_condattr_t", 32, false),
	"pthread_attr_t":     threadAttrType,
	"GMutex":             {kind: tMutex, bytes: 8}, "GCond": {kind: tCond, bytes: 16},
	"virLockGuard":   pointerTo(mutexType),
	"pthread_once_t": onceType, "virOnceControl": onceType,
	"virOnceControlPtr": pointerTo(onceType), "once_flag": onceType,
	"pthread_rwlock_t": rwlockType, "virRWLock": rwlockType,
	"virRWLockPtr": pointerTo(rwlockType), "GRWLock": {kind: tRWLock, bytes: 16},
	"sem_t": semType, "pthread_barrier_t": barrierType, "pthread_spinlock_t": {kind: tMutex, bytes: 4},
	"virMutexPtr": pointerTo(mutexType), "virCondPtr": pointerTo(condType),
	"gpointer": anyType, "gconstpointer": anyType, "atomic_flag": atomicOf(boolType),

	"bool": boolType, "gboolean": intType, "gchar": charType,
	"guchar": ucharType, "gshort": shortType, "gushort": ushortType,
	"gint": intType, "guint": uintType, "glong": longType, "gulong": ulongType, "gsize": ulongType, "gssize": longType,
	"goffset": longType, "gintptr": longType, "guintptr": ulongType, "gunichar": uintType, "GType": ulongType,
	"gint8": scharType, "guint8": ucharType, "gint16": shortType,
	"guint16": ushortType, "gint32": intType, "guint32": uintType,
	"gint64": longType, "guint64": ulongType,
	"int8_t": scharType, "uint8_t": ucharType, "int16_t": shortType,
	"uint16_t": ushortType, "int32_t": intType, "uint32_t": uintType,
	"int64_t": longType, "uint64_t": ulongType, "intptr_t": longType,
	"uintptr_t": ulongType, "intmax_t": longType, "uintmax_t": ulongType,
	"u_char": ucharType, "ushort": ushortType, "uint": uintType,
	"u_int": uintType, "ulong": ulongType, "u_long": ulongType,
	"size_t": ulongType, "ssize_t": longType, "ptrdiff_t": longType,
	"wchar_t": intType, "off_t": longType, "off64_t": longType,
	"time_t": longType, "clock_t": longType, "suseconds_t": longType, "useconds_t": uintType, "clockid_t": intType,
	"pid_t": intType, "uid_t": uintType, "gid_t": uintType, "id_t": uintType, "mode_t": uintType, "key_t": intType,
	"dev_t": ulongType, "ino_t": ulongType, "nlink_t": ulongType, "socklen_t": uintType, "sa_family_t": ushortType,
	"pthread_t": ulongType, "thrd_t": ulongType, "virThread": ulongType,
	"virThreadPtr": pointerTo(ulongType), "pthread_key_t": uintType,
	"thrd_start_t": routineOf(intType), "GThreadFunc": routineOf(anyType), "virThreadFunc": routineOf(voidType),
	"GThread": {kind: tStruct, strukt: threadStruct},
}

// resolve finds what a type means. Of the typedef names that nobody declared, those of the system
// that are integers have their width; the others may be declared and pointed to, but not used.
func (u *Unit) resolve(t syntax.Type) *typ { return u.resolveDepth(t, 0) }

func (u *Unit) resolveDepth(t syntax.Type, depth int) *typ {
	if depth > 64 {
		u.errorf(t.Pos(), "a type that is defined by itself")
		return otherType
	}
	switch t := t.(type) {
	case *syntax.Basic:
		if b, ok := basicTypes[t.Name]; ok {
			return b
		}
		if b, ok := floatTypes[t.Name]; ok {
			return b
		}
	case *syntax.EnumType:
		return u.enum(t)
	case *syntax.TypeName:
		if d, ok := u.typedefs[t.Name]; ok {
			r := u.resolveDepth(d, depth+1)
			if u.odd[t.Name] && !r.odd {
				copied := *r
				copied.odd = true
				return &copied
			}
			return r
		}
		if b, ok := builtinTypes[t.Name]; ok {
			return b
		}
		if a, ok := atomicType(t.Name); ok {
			return a
		}
	case *syntax.TypeofType:
		if t.Type != nil {
			return u.resolveDepth(t.Type, depth+1)
		}
		x := u.typeOfExpr(t.X)
		if x.bitField {
			u.errorf(t.Pos(), "typeof a bit-field is no type")
		}
		return x
	case *syntax.StructType:
		return &typ{kind: tStruct, strukt: u.struct_(t)}
	case *syntax.Atomic:
		return u.atomic(t, u.resolveDepth(t.Elem, depth+1))
	case *syntax.Pointer:
		return pointerTo(u.resolveDepth(t.Elem, depth+1))
	case *syntax.Array:
		return u.array(t, depth)
	case *syntax.Func:
		return u.functionType(t, depth)
	}
	return otherType
}

// resolveFields gives the fields of every struct their types and roles, once all types are known.
func (u *Unit) resolveFields(files []*syntax.File) {
	done := map[*structDef]bool{}
	for _, f := range files {
		syntax.Walk(f, func(n syntax.Node) bool {
			t, ok := n.(*syntax.StructType)
			if !ok || !t.HasBody {
				return true
			}
			if s := u.struct_(t); !done[s] && s.pos == t.Pos() {
				done[s] = true
				u.fieldTypes(s)
				for _, d := range s.members {
					for _, a := range d.decl.Attrs {
						u.attribute(d, a)
					}
				}
			}
			return true
		})
	}
	for _, s := range u.structs {
		s.findRoles()
		if s.isUnion && s.defined {
			u.findLeaves(s)
		}
	}
}

// fieldTypes finds the types of the fields of a struct, unless they are known.
func (u *Unit) fieldTypes(s *structDef) {
	for _, d := range s.members {
		if u.meter.Work(1); d.typ == nil {
			u.fieldType(d, d.decl)
			if d.typ.contains(s, map[*structDef]bool{}) {
				u.errorf(d.pos, "field %s has a type that is not defined: %s", d.name, s)
				d.typ = otherType
			}
		}
	}
}

// contains reports whether a struct lies in what has the type, as far as the types of fields are
// known.
func (t *typ) contains(s *structDef, seen map[*structDef]bool) bool {
	for t.kind == tArray {
		t = t.elem
	}
	if t.kind != tStruct || seen[t.strukt] {
		return false
	}
	seen[t.strukt] = true
	for _, f := range t.strukt.fields {
		if f.typ != nil && f.typ.contains(s, seen) {
			return true
		}
	}
	return t.strukt == s
}

func (u *Unit) fieldType(d *fieldDef, f *syntax.Field) {
	d.typ = otherType // while it is being found
	d.typ = u.resolve(f.Type)
	if d.typ.kind == tStruct && !d.typ.strukt.defined {
		u.errorf(f.Pos(), "field %s has a type that is not defined: %s", f.Name, d.typ.strukt)
		d.typ = otherType
	}
	if d.typ.kind == tArray && d.typ.n < 0 {
		u.errorf(f.Pos(), "%s has no length: an array at the end of a struct that grows cannot be modelled", f.Name)
		d.typ = otherType
	}
	if f.Bits != nil {
		d.typ = u.bitField(d, d.typ)
	}
}

func (u *Unit) attribute(d *fieldDef, a *syntax.Attr) {
	if a.Macro {
		return
	}
	want := 0
	switch a.Name {
	case "refcount":
		d.refcount = true
	case "owner":
		d.owner = true
		want = len(a.Args)
		for _, e := range a.Args {
			u.wakes(d, e)
		}
	case "listed":
		d.listed = true
	case "persistent":
		d.persistent = true
	case "subject":
		d.subject = true
	case "new":
		d.isNew = true
		if len(a.Args) == 1 {
			want = 1
			d.newType = u.structNamed(a.Args[0])
			break
		}
		d.newType = d.typ.pointsToStruct()
		if d.newType == nil {
			u.errorf(a.Pos(), "new needs a type here: %s points to no struct, write new(type)", d.name)
		}
	case "guarded_by", "init", "class", "dispose", "valid_if":
		want = 1
		if len(a.Args) != 1 {
			break
		}
		switch a.Name {
		case "guarded_by":
			d.guard = a.Args[0]
		case "init":
			d.init = a.Args[0]
		case "dispose":
			d.dispose = a.Args[0]
		case "valid_if": // what follows the pointer is for lint to look at
		case "class":
			if id, ok := a.Args[0].(*syntax.Ident); ok {
				d.class = id.Name
			} else {
				u.errorf(a.Pos(), "class takes a name")
			}
		}
	default:
		if !vocabulary.Harmless(a.Name) {
			u.hintf(a.Pos(), u.nearest(a.Name, slices.Values(attributeNames)), "unknown attribute %s", a.Name)
		}
		return
	}
	if len(a.Args) != want {
		u.errorf(a.Pos(), "%s takes %s, not %d", a.Name, plural(want, "argument"), len(a.Args))
	}
	if d.init != nil && d.typ.isObject() {
		u.errorf(a.Pos(), "init is for integers and pointers, and %s is a %s", d.name, d.typ)
	}
	if (d.refcount || d.listed || d.owner || d.persistent) && d.typ.kind != tInt {
		u.errorf(a.Pos(), "%s is for integers, and %s is a %s", a.Name, d.name, d.typ)
	}
	if d.persistent && (d.refcount || d.listed || d.owner) {
		u.errorf(a.Pos(), "%s has a role in the daemon, and cannot be persistent", d.name)
	}
}

// wakes notes on which condition of its struct others wait for a job.
func (u *Unit) wakes(d *fieldDef, e syntax.Expr) {
	id, ok := e.(*syntax.Ident)
	if !ok || d.in == nil || d.in.field(id.Name) < 0 {
		u.errorf(e.Pos(), "owner takes a condition of the same struct, and %s is none", syntax.FormatShort(e))
		return
	}
	if c := d.in.fields[d.in.field(id.Name)]; c.typ.kind != tCond {
		u.errorf(e.Pos(), "owner takes a condition of the same struct, and %s is %s", id.Name, c.typ)
		return
	}
	d.wakes = append(d.wakes, id.Name)
}

var attributeNames = []string{
	"refcount", "owner", "listed", "subject", "new", "guarded_by", "init", "class", "dispose",
	"persistent", "valid_if",
}

// structNamed finds the struct that an attribute's argument names, by tag or by typedef.
func (u *Unit) structNamed(e syntax.Expr) *structDef {
	var pos model.Pos
	name := ""
	if id, ok := e.(*syntax.Ident); ok {
		name, pos = id.Name, id.Pos()
	} else {
		pos = e.Pos()
	}
	if t, ok := u.typedefs[name]; ok {
		if r := u.resolve(t); r.kind == tStruct {
			return r.strukt
		}
	}
	for _, tag := range []string{name, "_" + name} {
		if s := u.structs[tag]; s != nil {
			return s
		}
	}
	u.errorf(pos, "%s is not the name of a struct", syntax.FormatShort(e))
	return nil
}
