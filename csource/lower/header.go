package lower

import "github.com/lockproof/lockproof/csource/syntax"

// headerStructs are the structs of the system's headers that calls with a limit in time take, as
// glibc has them on x86-64.
var headerStructs = map[string][]string{
	"timespec": {"tv_sec", "tv_nsec"},
	"timeval":  {"tv_sec", "tv_usec"},
}

// asInHeaders gives a struct the fields that it has in the system's headers. A source may define it
// itself.
func (s *structDef) asInHeaders() {
	for i, name := range headerStructs[s.tag] {
		s.defined, s.header, s.index[name] = true, true, i
		s.fields = append(s.fields, &fieldDef{name: name, pos: s.pos, typ: longType, at: i, decl: &syntax.Field{}})
	}
	s.members = s.fields
}

// forget makes room for the definition of the source.
func (s *structDef) forget() {
	s.defined, s.header, s.fields, s.members, s.layout = false, false, nil, nil, nil
	clear(s.index)
}
