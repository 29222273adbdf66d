package crosscheck

import (
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// names gives everything in a program an identifier that both languages accept and that is used once.
type names struct {
	locks, conds, vars []string
	used               map[string]bool
}

// reserved are words of Promela, of TLA+, and of the models that this package writes.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		active assert atomic bit bool break byte chan c_code c_decl c_expr c_state c_track d_step do else empty enabled
		eval false fi for full get_priority goto hidden if in init inline int len local ltl mtype nempty never nfull od of
		pc_value pid printf printm priority proctype provided run return select set_priority short show skip timeout true
		typedef unless unsigned xr xs
		ASSUME CASE CHOOSE CONSTANT DOMAIN ELSE ENABLED EXCEPT EXTENDS IF IN INSTANCE LET LOCAL MODULE OTHER SF SUBSET THEN
		UNCHANGED UNION VARIABLE WF
		begun end err finished now pc start trail var lock vars waiting watch main time
		Init Next Spec Done Fail Go Move Note Observed Threads Wake Finished AllFinished Stuck RUN FAIL At FALSE TRUE BOOLEAN
		NoBrokenRule NoLockLeak NoJobLeak NoReferenceLeak
	`) {
		m[w] = true
	}
	for _, k := range numbered {
		m[macro(k)] = true
	}
	return m
}()

func newNames(p *model.Program) *names {
	n := &names{used: map[string]bool{}}
	for i := range p.Locks {
		n.locks = append(n.locks, n.unique(p.Locks[i].Name))
	}
	for i := range p.Vars {
		n.vars = append(n.vars, n.unique(p.Vars[i].Name))
	}
	for i := range p.Conds {
		n.conds = append(n.conds, n.unique(p.Conds[i].Name))
	}
	return n
}

// unique makes an identifier of a name, with a number when it is taken.
func (n *names) unique(name string) string {
	id := identifier(name)
	for k := 2; n.used[id] || reserved[id] || isLocation(id); k++ {
		id = identifier(name) + "_" + strconv.Itoa(k)
	}
	n.used[id] = true
	return id
}

// identifier replaces what is not a letter or digit.
func identifier(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	id := strings.TrimSuffix(b.String(), "_")
	if id == "" || id[0] >= '0' && id[0] <= '9' {
		return "x" + id
	}
	return id
}

// isLocation reports whether an identifier looks like the name of a location: L and a number.
func isLocation(id string) bool {
	if !strings.HasPrefix(id, "L") {
		return false
	}
	_, err := strconv.Atoi(id[1:])
	return err == nil
}
