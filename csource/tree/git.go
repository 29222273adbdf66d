package tree

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/lockproof/lockproof/csource/syntax"
)

// A Repository is a git repository whose revisions are read as trees. Files that two revisions
// share are parsed once, as long as one of the last two trees had them. It may be used by several
// goroutines.
type Repository struct {
	// Macros are known in every file, be they defined there or not. They are not changed once a
	// revision is loaded.
	Macros []syntax.Macro

	dir     string
	mu      sync.Mutex
	objects *objects // nil when no process runs
	cache   *cache
}

// Limits of what is listed in a revision.
const (
	maxDepth   = 100
	maxEntries = 500_000 // of all directories together
)

// Open opens a repository: a work tree, or a git directory. Close must be called in the end.
func Open(ctx context.Context, dir string) (*Repository, error) {
	r := &Repository{dir: dir, cache: newCache()}
	if _, err := r.get(ctx, "HEAD", 0); err != nil && !errors.Is(err, errMissing) {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Close ends the process that reads the repository.
func (r *Repository) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.objects == nil {
		return nil
	}
	r.objects.end()
	r.objects = nil
	return nil
}

// FromGit reads the C files of one revision; see [Repository.Load].
func FromGit(ctx context.Context, dir, revision string, under ...string) (*Tree, error) {
	r, err := Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Load(ctx, revision, under...)
}

// Load reads the C files at and below some paths of a revision, all files without one. A revision
// is what git takes for one, such as v9.0.0, HEAD~3 or 8e7d14953^.
func (r *Repository) Load(ctx context.Context, revision string, under ...string) (*Tree, error) {
	root, err := r.root(ctx, revision)
	if err != nil {
		return nil, err
	}
	l := &listing{ctx: ctx, repo: r}
	if len(under) == 0 {
		under = []string{"."}
	}
	for _, p := range under {
		if err := l.under(root, p); err != nil {
			return nil, fmt.Errorf("reading %s of %s: %w", p, revision, err)
		}
	}
	slices.SortFunc(l.found, func(a, b source) int { return strings.Compare(a.name, b.name) })
	l.found = slices.CompactFunc(l.found, func(a, b source) bool { return a.name == b.name })
	r.cache.turn()
	p := &parser{ctx: ctx, cache: r.cache, left: l.left, given: r.Macros, read: func(s source) ([]byte, error) {
		o, err := r.get(ctx, s.id, maxFile)
		switch {
		case err != nil:
			return nil, err
		case o.kind != "blob":
			return nil, fatalError("the repository is broken: " + s.id + " is no blob")
		}
		return o.text, nil
	}}
	return p.tree(l.found)
}

// Commit is the whole name of the commit that a revision means.
func (r *Repository) Commit(ctx context.Context, revision string) (string, error) {
	o, err := r.revision(ctx, revision, "commit")
	return o.id, err
}

// Has reports whether a path is in a revision.
func (r *Repository) Has(ctx context.Context, revision, name string) (bool, error) {
	root, err := r.root(ctx, revision)
	if err != nil {
		return false, err
	}
	l := &listing{ctx: ctx, repo: r}
	_, err = l.find(root, name)
	if errors.Is(err, errNoPath) {
		return false, nil
	}
	return err == nil, err
}

// Text is the text of a file of a revision.
func (r *Repository) Text(ctx context.Context, revision, name string) ([]byte, error) {
	root, err := r.root(ctx, revision)
	if err != nil {
		return nil, err
	}
	l := &listing{ctx: ctx, repo: r}
	e, err := l.find(root, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s of %s: %w", name, revision, err)
	}
	o, err := r.get(ctx, e.id, maxFile)
	if err == nil && o.kind != "blob" {
		err = errors.New("it is no file")
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s of %s: %w", name, revision, err)
	}
	return o.text, nil
}

// root is the top directory of a revision.
func (r *Repository) root(ctx context.Context, revision string) (object, error) {
	return r.revision(ctx, revision, "tree")
}

func (r *Repository) revision(ctx context.Context, revision, kind string) (object, error) {
	if revision == "" {
		return object{}, errors.New("a revision is empty")
	}
	if len(revision) > 1000 || strings.ContainsFunc(revision, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return object{}, fmt.Errorf("%.100q is no revision", revision)
	}
	o, err := r.get(ctx, revision+"^{"+kind+"}", maxListing)
	switch {
	case errors.Is(err, errMissing):
		return object{}, fmt.Errorf("%s has no revision %s", r.dir, revision)
	case err != nil:
		return object{}, fmt.Errorf("revision %s of %s: %w", revision, r.dir, err)
	case o.kind != kind:
		return object{}, fmt.Errorf("revision %s of %s is no commit", revision, r.dir)
	}
	return o, nil
}

// get reads an object of at most limit bytes. With a limit of 0 its text is not kept.
func (r *Repository) get(ctx context.Context, name string, limit int64) (object, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return object{}, context.Cause(ctx)
	}
	if r.objects == nil {
		o, err := startObjects(r.dir)
		if err != nil {
			return object{}, err
		}
		r.objects = o
	}
	stop := context.AfterFunc(ctx, r.objects.kill)
	o, err := r.objects.read(name, limit)
	if !stop() && err != nil {
		err = context.Cause(ctx)
	}
	if err != nil && !errors.Is(err, errMissing) {
		if said := r.objects.end(); said != "" && ctx.Err() == nil && !errors.As(err, new(leftError)) {
			err = fmt.Errorf("reading the repository %s: %s", r.dir, said)
		}
		r.objects = nil
	}
	return o, err
}

// A listing collects the C files of a revision.
type listing struct {
	ctx     context.Context
	repo    *Repository
	entries int
	found   []source
	left    []Left
}

var errNoPath = errors.New("there is no such file or directory")

// under lists what lies at and below a path.
func (l *listing) under(root object, name string) error {
	e, err := l.find(root, name)
	if err != nil {
		return err
	}
	name = path.Clean(name)
	switch {
	case e.isTree():
		return l.walk(e, name, 0)
	case !e.isFile():
		return errors.New("it is a symbolic link or another repository")
	}
	l.found = append(l.found, source{name: name, id: e.id, named: true})
	return nil
}

// find looks up a path from the top directory.
func (l *listing) find(root object, name string) (entry, error) {
	at := entry{mode: treeMode, id: root.id}
	name = path.Clean(name)
	if name == "." {
		return at, nil
	}
	if path.IsAbs(name) || strings.HasPrefix(name, "..") {
		return entry{}, errors.New("it does not lie in the repository")
	}
	for _, part := range strings.Split(name, "/") {
		if !at.isTree() {
			return entry{}, errNoPath
		}
		list, err := l.list(at)
		if err != nil {
			return entry{}, err
		}
		i := slices.IndexFunc(list, func(e entry) bool { return e.name == part })
		if i < 0 {
			return entry{}, errNoPath
		}
		at = list[i]
	}
	return at, nil
}

// walk collects what lies below a directory.
func (l *listing) walk(dir entry, name string, depth int) error {
	if depth > maxDepth {
		return errors.New("too many directories lie in one another")
	}
	list, err := l.list(dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		below := path.Join(name, e.name)
		switch {
		case e.isTree() && !strings.HasPrefix(e.name, "."):
			err = l.walk(e, below, depth+1)
		case !isC(e.name) || e.isTree():
		case !e.isFile():
			l.left = append(l.left, Left{below, "it is a symbolic link or another repository"})
		default:
			l.found = append(l.found, source{name: below, id: e.id})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) list(dir entry) ([]entry, error) {
	o, err := l.repo.get(l.ctx, dir.id, maxListing)
	if err != nil {
		return nil, err
	}
	if o.kind != "tree" {
		return nil, fatalError("the repository is broken: " + dir.id + " is no directory")
	}
	list, err := parseTree(o.text, len(o.id)/2)
	l.entries += len(list)
	if err == nil && l.entries > maxEntries {
		err = errors.New("the revision has too many files")
	}
	return list, err
}
