package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A tree is a file system. Positions call its files as its project shows them or, where there is
// none, prefix/path. A suite reads no file outside its tree.
type tree struct {
	files   *files.Reader
	project *files.Project
	prefix  string
}

// widen says what may be read, and how to widen that.
const widen = ": a suite reads its repository, or its folder where there is none (--root DIR widens that)"

// maxSourceBytes bounds a C file, as the C front end does.
const maxSourceBytes = 16 << 20

// A location is a file of a tree.
type location struct {
	tree tree
	path string
}

func (l location) name() string {
	if l.tree.project != nil {
		return l.tree.project.Shown(l.path)
	}
	return path.Join(l.tree.prefix, l.path)
}

// beside finds the file that the file at l calls by a relative path.
func (l location) beside(name string) (location, error) {
	if path.IsAbs(name) || strings.Contains(name, `\`) || len(name) > 1 && name[1] == ':' {
		return location{}, fmt.Errorf("%q is not a relative path with slashes", name)
	}
	p := path.Join(path.Dir(l.path), name)
	if !fs.ValidPath(p) {
		return location{}, fmt.Errorf("%q lies outside of what may be read%s", name, widening(l.tree))
	}
	return location{l.tree, p}, nil
}

func widening(t tree) string {
	if t.project == nil {
		return ""
	}
	return widen
}

func (l location) read(ctx context.Context) (syntax.Source, error) {
	text, err := l.tree.files.Read(ctx, l.path, maxSourceBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return syntax.Source{}, fmt.Errorf("no such file: %s", l.name())
	}
	var bad *fs.PathError
	if errors.As(err, &bad) {
		err = fmt.Errorf("%s: %w", l.name(), bad.Err)
	}
	return syntax.Source{Name: l.name(), Text: text}, err
}

// neighbours lists the C files in the directory of l, for hints.
func (l location) neighbours() []string {
	var names []string
	entries, _ := l.tree.files.List(path.Dir(l.path))
	for _, e := range entries {
		if !e.IsDir() && path.Ext(e.Name()) == ".c" {
			names = append(names, e.Name())
		}
	}
	return names
}

// sources reads the protocol, the files of `sources` and the C of `source`, in this order.
func (d *decoder) sources(s *Suite, m map[string]*node) {
	s.origin = map[string]location{s.File: d.at}
	if n := m["protocol"]; n != nil {
		s.Protocol = d.text(n)
		switch {
		case s.Protocol == "":
		case path.Ext(s.Protocol) == ".c":
			d.file(s, n)
		default:
			d.shipped(s, n)
		}
	}
	for _, n := range d.list(m["sources"]) {
		if d.ds.Full() || d.ctx.Err() != nil {
			return
		}
		if d.text(n) != "" {
			d.file(s, n)
		}
	}
	if n := m["source"]; n != nil {
		d.inline(s, n)
	}
	if m["protocol"] == nil && m["sources"] == nil && m["source"] == nil && m["suite"] != nil {
		d.ds.Add(m["suite"].pos, "the suite has no C: it needs a protocol, sources or a source", "")
	}
}

func (d *decoder) file(s *Suite, n *node) {
	l, err := d.at.beside(n.text)
	if err != nil {
		d.ds.Add(n.pos, err.Error(), "")
		return
	}
	d.add(s, n, l)
}

func (d *decoder) shipped(s *Suite, n *node) {
	names := protocolNames()
	if !slices.Contains(names, s.Protocol) {
		d.ds.Add(n.pos, fmt.Sprintf("unknown protocol %q", s.Protocol), Hint(s.Protocol, names))
		return
	}
	d.add(s, n, protocolLocation(s.Protocol))
}

func (d *decoder) add(s *Suite, n *node, l location) {
	src, err := l.read(d.ctx)
	if err != nil {
		hint := ""
		if names := l.neighbours(); len(names) > 0 && strings.HasPrefix(err.Error(), "no such file") {
			hint = Hint(path.Base(l.path), names)
		}
		d.ds.Add(n.pos, err.Error(), hint)
		return
	}
	if _, ok := s.origin[src.Name]; ok {
		d.ds.Add(n.pos, src.Name+" is named twice", "")
		return
	}
	s.origin[src.Name] = l
	s.Sources = append(s.Sources, src)
}

// inline takes the C of a literal block out of the YAML file as it stands there, indentation
// included, below as many empty lines as precede it: so the C front end's lines and columns are
// those of the YAML file.
func (d *decoder) inline(s *Suite, n *node) {
	if n.kind != scalar || !n.literal {
		d.ds.Add(n.pos, "inline C must be a block", "write `source: |` and the C below it, indented")
		return
	}
	if strings.TrimSpace(n.text) == "" {
		d.ds.Add(n.pos, "the source is empty", "")
		return
	}
	first := n.pos.Line // the index of the line below the |
	last := min(first+strings.Count(strings.TrimSuffix(n.text, "\n"), "\n")+1, len(d.lines))
	text := strings.Repeat("\n", first) + strings.Join(d.lines[first:last], "\n") + "\n"
	s.Sources = append(s.Sources, syntax.Source{Name: s.File, Text: []byte(text)})
}

// C is the suite's C as the front end reads it: the protocol, then the sources. The error is as
// that of [Scenario.Program].
func (s *Suite) C(ctx context.Context) ([]*syntax.File, error) {
	c, err := s.parsed.get(ctx, func() (*parsedC, error) { return s.parseC(ctx) })
	if err != nil {
		return nil, err
	}
	return c.files, nil
}

// compiled is the suite's C made ready for the programs of its scenarios.
func (s *Suite) compiled(ctx context.Context) (*lower.Unit, error) {
	u, err := s.unit.get(ctx, func() (*lower.Unit, error) {
		c, err := s.parsed.get(ctx, func() (*parsedC, error) { return s.parseC(ctx) })
		if err != nil {
			return nil, err
		}
		return lower.NewUnit(meter.Holding(ctx, c.bytes), c.files)
	})
	if err == nil {
		s.shelf.keepUnit(u)
	}
	return u, err
}

// parseC reads the sources of the suite, and slices the functions of real source that its threads
// run.
func (s *Suite) parseC(ctx context.Context) (*parsedC, error) {
	p := s.parser(ctx)
	c, err := s.parseWith(ctx, p)
	if err != nil || s.real == nil {
		return c, err
	}
	roots, at := s.roots(c.files)
	c.slice, err = s.real.slice(ctx, p, c.files, roots, at)
	if err != nil {
		return nil, err
	}
	c.files = append(c.slice.Protocol, c.slice.File)
	c.bytes = p.Held()
	return c, nil
}

// parser is one that finds what the sources include.
func (s *Suite) parser(ctx context.Context) *syntax.Parser {
	origin := maps.Clone(s.origin)
	include := func(from model.Pos, name string) (syntax.Source, error) {
		at, ok := origin[from.File]
		if !ok {
			at = s.origin[s.File]
		}
		l, err := at.beside(name)
		if err != nil {
			return syntax.Source{}, err
		}
		src, err := l.read(ctx)
		origin[src.Name] = l
		return s.instead(src), err
	}
	shipped := func(name string) (syntax.Source, bool, error) {
		l, ours, err := shippedFile(name)
		if !ours || err != nil {
			return syntax.Source{}, ours, err
		}
		src, err := l.read(ctx)
		origin[src.Name] = l
		return s.instead(src), true, err
	}
	return syntax.NewParser(ctx, syntax.Options{Mode: syntax.Strict, Include: include, Shipped: shipped})
}

func (s *Suite) parseWith(ctx context.Context, p *syntax.Parser) (*parsedC, error) {
	var c parsedC
	for _, src := range s.Sources {
		c.files = append(c.files, p.Parse(src))
	}
	if err := cmp.Or(p.Err(), context.Cause(ctx)); err != nil {
		return nil, err
	}
	c.bytes = p.Held()
	return &c, p.Diagnostics().Err()
}
