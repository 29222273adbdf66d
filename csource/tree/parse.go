package tree

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// Limits of a tree. The largest source trees have some 60,000 files of C and a gigabyte.
const (
	maxFile  = 16 << 20 // bytes of one file
	maxFiles = 100_000
	maxBytes = 2 << 30 // of all files
	maxArms  = 4       // ways in which a file is read
)

// A source is a file to be parsed.
type source struct {
	name string
	id   string // of the blob; ""
	// named says that a command line names the file itself: what is wrong with it is an error.
	named bool
}

// A parser parses the sources of one tree.
type parser struct {
	ctx    context.Context
	read   func(s source) ([]byte, error)
	cache  *cache // may be nil
	given  []syntax.Macro
	macros []syntax.Macro // with those given
	print  uint64         // of the macros of headers

	mu    sync.Mutex
	left  []Left
	bytes int64
}

// Parse reads the named files with read, several at a time, and makes a tree of them.
func Parse(ctx context.Context, names []string, read func(name string) ([]byte, error)) (*Tree, error) {
	var all []source
	for _, name := range names {
		all = append(all, source{name: name, named: true})
	}
	p := &parser{ctx: ctx, read: func(s source) ([]byte, error) { return read(s.name) }}
	return p.tree(all)
}

// tree parses headers first, then all other files.
func (p *parser) tree(all []source) (*Tree, error) {
	if len(all) > maxFiles {
		return nil, fmt.Errorf("reading a tree: %d files of C, more than the limit of %d", len(all), maxFiles)
	}
	var headers, bodies []source
	for _, s := range all {
		if isHeader(s.name) {
			headers = append(headers, s)
		} else {
			bodies = append(bodies, s)
		}
	}
	p.macros = p.given
	parsed, err := p.all(headers)
	if err != nil {
		return nil, err
	}
	p.give(parsed)
	more, err := p.all(bodies)
	if err != nil {
		return nil, err
	}
	byName := func(a, b *parsedFile) int { return strings.Compare(a.file.Name, b.file.Name) }
	var list []*File
	for _, f := range slices.SortedFunc(slices.Values(append(parsed, more...)), byName) {
		list = append(list, f.file)
	}
	t := New(list)
	t.read = p.read
	t.Left = slices.SortedFunc(slices.Values(p.left), func(a, b Left) int { return strings.Compare(a.Name, b.Name) })
	return t, nil
}

func isHeader(name string) bool { return strings.HasSuffix(name, ".h") }

// isC reports whether a file is C by its name.
func isC(name string) bool { return strings.HasSuffix(name, ".c") || isHeader(name) }

// give makes known the macros of headers that may leave a function.
func (p *parser) give(headers []*parsedFile) {
	known := map[string]syntax.Macro{}
	differ := map[string]bool{}
	for _, h := range headers {
		for _, m := range h.leaving {
			name := m.Name()
			if _, told := vocabulary.HiddenExit(name); told {
				continue
			}
			if old, ok := known[name]; ok && !old.Same(m) {
				differ[name] = true
			}
			known[name] = m
		}
	}
	for _, m := range p.given {
		differ[m.Name()] = true
	}
	p.macros = slices.Clone(p.given)
	hash := fnv.New64a()
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if !differ[name] {
			p.macros = append(p.macros, known[name])
			fmt.Fprintln(hash, known[name].String())
		}
	}
	p.print = hash.Sum64()
}

// all parses sources side by side, in no order. What cannot be read is left out.
func (p *parser) all(list []source) ([]*parsedFile, error) {
	results := make([]*parsedFile, len(list))
	errs := make([]error, len(list))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		wg.Go(func() {
			for i := range next {
				results[i], errs[i] = p.one(list[i])
			}
		})
	}
	for i := range list {
		if p.ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	if err := cmp.Or(append(errs, context.Cause(p.ctx))...); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(results, func(f *parsedFile) bool { return f == nil }), nil
}

// A parsedFile is a file with what others need of it.
type parsedFile struct {
	file    *File
	leaving []syntax.Macro
}

// one reads and parses a source, or takes it from the cache; nil when it is left out.
func (p *parser) one(s source) (*parsedFile, error) {
	k := key{name: s.name, id: s.id, macros: p.print}
	if f := p.cache.find(k); f != nil {
		return f, nil
	}
	text, err := p.read(s)
	if err == nil {
		err = p.spend(s, text)
	}
	switch {
	case err == nil:
	case p.ctx.Err() != nil:
		return nil, context.Cause(p.ctx)
	case fatal(err):
		return nil, fmt.Errorf("reading a tree: %w", err)
	case s.named:
		return nil, fmt.Errorf("reading %s: %s", s.name, why(err))
	default:
		p.leave(s.name, why(err))
		return nil, nil
	}
	f, err := parse(p.ctx, s, text, p.macros)
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", s.name, err)
	}
	p.cache.keep(k, f)
	return f, nil
}

// spend looks at a text before it is parsed.
func (p *parser) spend(s source, text []byte) error {
	if what, binary := files.LooksLike(text); binary {
		return leftError("it is " + what)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bytes += int64(len(text)); p.bytes > maxBytes {
		return fatalError(fmt.Sprintf("%s: the files have more than the limit of %d bytes", s.name, maxBytes))
	}
	return nil
}

func (p *parser) leave(name, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = append(p.left, Left{name, why})
}

// parse parses a source with the first arms of its conditionals, then with the others.
func parse(ctx context.Context, s source, text []byte, macros []syntax.Macro) (*parsedFile, error) {
	f := &File{Name: s.name, ID: s.id, Functions: []*Function{}}
	out := &parsedFile{file: f}
	for arm, arms := 0, 1; arm < arms; arm++ {
		opt := syntax.Options{Mode: syntax.Tolerant, Arm: arm, Macros: macros, CommentsWith: Marker}
		p := syntax.NewParser(ctx, opt)
		parsed := p.Parse(syntax.Source{Name: s.name, Text: text})
		if err := p.Err(); err != nil {
			return nil, err
		}
		if arm == 0 {
			arms = min(parsed.Arms, maxArms)
			f.Syntax, f.Diagnostics = parsed, p.Diagnostics()
			if isHeader(s.name) {
				out.leaving = p.Leaving()
			}
		}
		f.add(parsed, arm)
	}
	return out, nil
}
