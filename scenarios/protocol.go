package scenarios

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// A Replacement is what becomes of suites when they run on other helpers than they name.
type Replacement struct {
	Protocol  string // as it was named
	Scenarios []*Scenario
	Others    []NotApplicable
	// Differs says in a sentence in which functions and types the helpers differ from the shipped
	// protocol that they resemble most.
	Differs string
}

// NotApplicable is a suite that cannot be run on the helpers.
type NotApplicable struct {
	Suite *Suite
	Why   string
}

func (n NotApplicable) String() string { return n.Suite.Name + " is not applicable: " + n.Why }

// WhyNot says a sentence about each reason that keeps suites from running on the helpers.
func (r *Replacement) WhyNot() []string {
	var reasons []string
	names := map[string][]string{}
	for _, o := range r.Others {
		if names[o.Why] == nil {
			reasons = append(reasons, o.Why)
		}
		names[o.Why] = append(names[o.Why], o.Suite.Name)
	}
	for i, why := range reasons {
		reasons[i] = "not applicable: " + strings.Join(names[why], ", ") + ": " + why
	}
	return reasons
}

// Replace runs suites on the helpers of the question's protocol. Errors in the helpers themselves
// are of type [syntax.Diagnostics].
func (q *Question) Replace(ctx context.Context, refs []string) (*Replacement, error) {
	all, err := q.asked(ctx, refs)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(refs, q.isC) { // which runs on them already
		return &Replacement{Protocol: q.Protocol, Scenarios: all}, nil
	}
	h, err := q.helpers(ctx)
	if err != nil {
		return nil, err
	}
	r := &Replacement{Protocol: q.Protocol, Differs: h.differs(ctx)}
	var ds syntax.Diagnostics
	var last *Suite
	var with *Suite
	for _, sc := range all {
		if sc.Suite != last {
			last = sc.Suite
			why, wrong := "", syntax.Diagnostics(nil)
			if with, why, wrong, err = h.fit(ctx, sc.Suite, q); err != nil {
				return nil, err
			}
			ds.Append(wrong)
			if with == nil {
				r.Others = append(r.Others, NotApplicable{sc.Suite, why})
			}
		}
		if with != nil {
			i := slices.IndexFunc(with.Scenarios, func(x *Scenario) bool { return x.Name == sc.Name })
			r.Scenarios = append(r.Scenarios, with.Scenarios[i])
		}
	}
	return r, ds.Err()
}

// helpers are a protocol that takes the place of others.
type helpers struct {
	name  string // as it was named
	at    location
	src   syntax.Source
	suite *Suite // the helpers alone
	files map[string]bool
}

// helpers reads the protocol of the question: a shipped one by its name, or a C file.
func (q *Question) helpers(ctx context.Context) (*helpers, error) {
	h := &helpers{name: q.Protocol, files: map[string]bool{}}
	l := loader{ctx: ctx, root: q.Root}
	var err error
	switch names := protocolNames(); {
	case slices.Contains(names, q.Protocol):
		h.at = protocolLocation(q.Protocol)
	case !isPath(q.Protocol) && path.Ext(q.Protocol) != ".c":
		return nil, fmt.Errorf("--protocol: unknown protocol %q%s", q.Protocol, inBrackets(Hint(q.Protocol, names)))
	default:
		if h.at, err = l.find(q.Protocol); err != nil {
			l.cannotRead(q.Protocol, err)
			return nil, l.ds.Err()
		}
	}
	if h.src, err = h.at.read(ctx); err != nil {
		return nil, fmt.Errorf("--protocol: %w", err)
	}
	if err := foreign(h.src, wantC).Err(); err != nil {
		return nil, err
	}
	h.suite = &Suite{
		File: h.src.Name, Sources: []syntax.Source{h.src}, origin: map[string]location{h.src.Name: h.at},
		shelf: &l.shelf,
	}
	if _, err := h.suite.compiled(ctx); err != nil {
		return nil, err
	}
	for _, f := range withIncludes([]location{h.at}, nil) {
		h.files[f.Name] = true
	}
	return h, nil
}

// fit is the suite on these helpers; nil, and why not, where they do not fit. What is wrong with
// the helpers themselves is returned apart.
func (h *helpers) fit(ctx context.Context, s *Suite,
	q *Question,
) (with *Suite, why string, ds syntax.Diagnostics, err error) {
	if s.Protocol == "" {
		return nil, "it names no protocol", nil, nil
	}
	missing, otherwise, err := h.lacks(ctx, s)
	if err != nil {
		return nil, "", nil, err
	}
	if len(missing) > 0 {
		return nil, fmt.Sprintf("%s lacks %s, which the C of the suite uses", h.name, strings.Join(missing, ", ")), nil, nil
	}
	with = s.on(h, q)
	err = Check(ctx, with.Scenarios)
	var all syntax.Diagnostics
	if !errors.As(err, &all) {
		return with, "", nil, nil // a limit shows where the scenario is searched
	}
	for _, d := range all {
		if h.files[d.Pos.File] {
			ds.Append(syntax.Diagnostics{d})
		}
	}
	if len(ds) > 0 {
		return with, "", ds, nil
	}
	why = all[0].String()
	if len(otherwise) > 0 {
		why = fmt.Sprintf("%s declares %s, and the suite's protocol does not (%s)", h.name,
			strings.Join(otherwise, ", "), why)
	}
	return nil, why, nil, nil
}

// lacks says what the C of a suite uses of its own protocol that these helpers do not have, and
// what they have with another type.
func (h *helpers) lacks(ctx context.Context, s *Suite) (missing, otherwise []string, err error) {
	theirs, err := s.C(ctx)
	if err != nil {
		return nil, nil, err
	}
	ours, err := h.suite.C(ctx)
	if err != nil {
		return nil, nil, err
	}
	old, have, own := declared(theirs[:1]), declared(ours), declared(theirs[1:])
	seen := map[string]bool{}
	for _, f := range theirs[1:] {
		syntax.Walk(f, func(n syntax.Node) bool {
			id, ok := n.(*syntax.Ident)
			if !ok || seen[id.Name] {
				return true
			}
			seen[id.Name] = true
			switch was, is := old[id.Name], have[id.Name]; {
			case was == nil || own[id.Name] != nil:
			case is == nil:
				missing = append(missing, id.Name)
			case typeText(was) != typeText(is):
				otherwise = append(otherwise, typeText(is))
			}
			return true
		})
	}
	slices.Sort(missing)
	slices.Sort(otherwise)
	return missing, otherwise, nil
}

// declared are the functions, variables and structs that files declare, by name.
func declared(all []*syntax.File) map[string]syntax.Decl {
	names := map[string]syntax.Decl{}
	for _, f := range all {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *syntax.FuncDef:
				names[d.Name] = d
			case *syntax.VarDecl:
				names[d.Name] = d
			case *syntax.StructDecl:
				if d.Type.HasBody {
					names["struct "+d.Type.Tag] = d
				}
			}
		}
	}
	return names
}

// typeText is how a function or variable is declared.
func typeText(d syntax.Decl) string {
	switch d := d.(type) {
	case *syntax.FuncDef:
		params := []string{}
		for _, p := range d.Type.Params {
			params = append(params, syntax.FormatDecl(p.Type, ""))
		}
		return fmt.Sprintf("%s(%s)", syntax.FormatDecl(d.Type.Result, d.Name), strings.Join(params, ", "))
	case *syntax.VarDecl:
		return syntax.FormatDecl(d.Type, d.Name)
	}
	return ""
}

// on is the suite with other helpers.
func (s *Suite) on(h *helpers, q *Question) *Suite {
	with := &Suite{
		Name: s.Name, Title: s.Title, File: s.File, Text: s.Text, Protocol: h.name,
		Order: s.Order, Races: s.Races, Leaks: s.Leaks, CoverRequired: s.CoverRequired,
		Sources: append([]syntax.Source{h.src}, s.Sources[1:]...), Pos: s.Pos,
		library: s.library, flags: q.Args(), orderPos: s.orderPos, real: s.real, files: s.files,
		origin: map[string]location{h.src.Name: h.at}, shelf: s.shelf,
	}
	for _, src := range s.Sources[1:] {
		with.origin[src.Name] = s.origin[src.Name]
	}
	with.origin[s.File] = s.origin[s.File]
	for _, sc := range s.Scenarios {
		with.Scenarios = append(with.Scenarios, sc.of(with))
	}
	return with
}

// differs compares the helpers with each shipped protocol, and speaks of the nearest; "" where they
// are shipped.
func (h *helpers) differs(ctx context.Context) string {
	mine, err := h.suite.C(ctx)
	if err != nil || slices.Contains(protocolNames(), h.name) {
		return ""
	}
	ours := declared(mine)
	said, least := "", 0
	for _, name := range protocolNames() {
		at := protocolLocation(name)
		src, err := at.read(ctx)
		if err != nil {
			continue
		}
		s := &Suite{File: src.Name, Sources: []syntax.Source{src}, origin: map[string]location{src.Name: at}}
		c, err := s.C(ctx)
		if err != nil {
			continue
		}
		text, n := compare(ours, declared(c))
		if said == "" || n < least {
			said, least = fmt.Sprintf(text, name), n
		}
	}
	return h.name + said
}

// compare says what of the second set is changed, missing or new in the first, in a sentence about
// %s, and in how many lines they differ.
func compare(mine, theirs map[string]syntax.Decl) (text string, lines int) {
	var changed, missing, added []string
	for name, t := range theirs {
		m, ok := mine[name]
		if !ok {
			missing = append(missing, name)
			lines += strings.Count(syntax.Shape(t), "\n")
		} else if n := otherLines(syntax.Shape(m), syntax.Shape(t)); n > 0 {
			changed = append(changed, name)
			lines += n
		}
	}
	for name, m := range mine {
		if _, ok := theirs[name]; !ok {
			added = append(added, name)
			lines += strings.Count(syntax.Shape(m), "\n")
		}
	}
	var parts []string
	for _, p := range []struct {
		what  string
		names []string
	}{{"changes", changed}, {"lacks", missing}, {"adds", added}} {
		if len(p.names) > 0 {
			slices.Sort(p.names)
			parts = append(parts, p.what+" "+strings.Join(p.names, ", "))
		}
	}
	if len(parts) == 0 {
		return " declares what %s declares", 0
	}
	return " is nearest to %s: it " + strings.Join(parts, "; it "), lines
}

// otherLines counts the lines that only one of two texts has, and is not 0 where the texts differ.
func otherLines(a, b string) int {
	if a == b {
		return 0
	}
	count := map[string]int{}
	for line := range strings.Lines(a) {
		count[line]++
	}
	for line := range strings.Lines(b) {
		count[line]--
	}
	n := 0
	for _, c := range count {
		n += max(c, -c)
	}
	return max(n, 1)
}
