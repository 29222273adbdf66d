package staging

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/lockproof/lockproof/csource/files"
)

// A Dir is a hidden directory in which files are made. It is gone after Close.
type Dir struct {
	path string
	held *os.File // with the lock
	made []string // directories that were missing, outermost first
	kept bool     // something was put in place: made stays
	once sync.Once
	err  error // of Close
}

// New makes a directory in parent, and parent where it is missing. What dead processes left there
// is cleared away first; mend is called for each such directory before that, unless it is nil, and
// may rescue what is in it. No symbolic link leads out of the working directory on the way to a
// local parent.
func New(parent string, mend func(dir string)) (*Dir, error) {
	if err := files.Inside(parent); err != nil {
		return nil, err
	}
	d := &Dir{}
	var err error
	if d.made, err = makeAll(parent); err == nil {
		err = d.make(parent, mend)
	}
	if err != nil {
		d.unmake()
		return nil, err
	}
	open.add(d)
	return d, nil
}

// prefix begins the names of the directories of this machine: locks do not tell whether a process
// of another one lives.
func prefix() string {
	host, _ := os.Hostname() // without a name, all such machines look alike
	h := fnv.New32a()
	h.Write([]byte(host))
	return fmt.Sprintf(".lockproof-%08x-", h.Sum32())
}

// make makes the directory under a name that is nobody's to clear away, takes the lock, and gives
// it the name that says so.
func (d *Dir) make(parent string, mend func(string)) error {
	clear(parent, mend)
	fresh, err := os.MkdirTemp(parent, ".lockproof-new-*")
	if err != nil {
		return err
	}
	d.path = fresh
	if d.held, err = os.Open(fresh); err != nil {
		return err
	}
	if !lock(d.held) {
		return nil
	}
	name := filepath.Join(parent, prefix()+strings.TrimPrefix(filepath.Base(fresh), ".lockproof-new-"))
	if err = os.Rename(fresh, name); err == nil {
		d.path = name
	}
	return err
}

// makeAll makes a directory with its parents, and lists those that were missing.
func makeAll(dir string) (made []string, err error) {
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			break
		}
		made = append([]string{d}, made...)
	}
	return made, os.MkdirAll(dir, 0o755)
}

// unmake removes what was made for nothing. Directories into which somebody else has put something
// stay.
func (d *Dir) unmake() {
	for try := 0; d.path != "" && (try == 0 || d.err != nil && try < 100); try++ { // a file may be made in it meanwhile
		d.err = os.RemoveAll(d.path)
	}
	if d.held != nil {
		d.held.Close()
	}
	for i := len(d.made) - 1; i >= 0 && !d.kept; i-- {
		os.Remove(d.made[i])
	}
}

// Path is where the directory is.
func (d *Dir) Path() string { return d.path }

// Put puts files in place: f renames them, and takes back what it did when it fails. The process
// does not end in the middle of it on account of [Abandon].
func (d *Dir) Put(f func() error) error {
	open.Lock()
	defer open.Unlock()
	err := f()
	d.kept = d.kept || err == nil
	return err
}

// Close removes the directory with what is still in it.
func (d *Dir) Close() error {
	d.once.Do(func() {
		open.remove(d)
		d.unmake()
	})
	return d.err
}

// open are the directories of this process.
var open registry

type registry struct {
	sync.Mutex
	dirs map[*Dir]bool
}

func (r *registry) add(d *Dir) {
	r.Lock()
	defer r.Unlock()
	if r.dirs == nil {
		r.dirs = map[*Dir]bool{}
	}
	r.dirs[d] = true
}

func (r *registry) remove(d *Dir) {
	r.Lock()
	defer r.Unlock()
	delete(r.dirs, d)
}

// Abandon removes all directories of this process, for one that ends now without calling Close.
// Nothing can be put in place any more.
func Abandon() {
	open.Lock() // for ever
	for d := range open.dirs {
		d.unmake()
	}
}
