package lower

import "github.com/lockproof/lockproof/csource/syntax"

// headerStructs are the structs of the system's headers that calls with a limit in time take, and
// the union that carries a value from one thread to another, as glibc has them on x86-64.
var headerStructs = map[string][]headerField{
	"timespec": {{"tv_sec", longType}, {"tv_nsec", longType}},
	"timeval":  {{"tv_sec", longType}, {"tv_usec", longType}},
	"sigval":   {{"sival_int", intType}, {"sival_ptr", anyType}},
}

type headerField struct {
	name string
	typ  *typ
}

// asInHeaders gives a struct the fields that it has in the system's headers. A source may define it
// itself.
func (s *structDef) asInHeaders() {
	for i, f := range headerStructs[s.tag] {
		s.defined, s.header, s.isUnion, s.index[f.name] = true, true, s.tag == "sigval", i
		s.fields = append(s.fields, &fieldDef{name: f.name, pos: s.pos, typ: f.typ, at: i, decl: &syntax.Field{}})
	}
	s.members = s.fields
}

// forget makes room for the definition of the source.
func (s *structDef) forget() {
	s.defined, s.header, s.fields, s.members, s.layout, s.leaves = false, false, nil, nil, nil, nil
	clear(s.index)
}
