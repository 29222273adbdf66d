package reports

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/lockproof/lockproof/csource/files"
)

// An Output is a directory that will hold a report in all formats. Everything is written to a hidden directory first and put in
// place when it is complete, so readers see the old report or the new one, and after an error the old one or none.
//
// A directory that does not exist yet appears at once, by one rename. In one that exists (it may be a mount point, and
// may hold other files, which stay) the parts of the report are renamed one after another, and back if one of these fails.
type Output struct {
	dir     string
	staging string
	fresh   bool // dir does not exist yet: staging becomes it
}

// The parts of a report. The pictures of lock orders are lock-order/SUITE.SCENARIO.dot and .svg, those of histories that nothing explains
// violations/SUITE.SCENARIO.1.html and so on. There are no folders without pictures.
const (
	jsonFile  = "results.json"
	htmlFile  = "index.html"
	junitFile = "junit.xml"
	sarifFile = "results.sarif"
	orderDir  = "lock-order"
	drawDir   = "violations"
)

func parts() []string { return []string{orderDir, drawDir, sarifFile, junitFile, htmlFile, jsonFile} }

// drawn are the folders among the parts, with the endings of what may be in them.
var drawn = map[string][]string{orderDir: {".dot", ".svg"}, drawDir: {".html"}}

// NewOutput prepares a directory, so that one in which nothing can be written is known before anything is searched. Close must be
// called in the end.
func NewOutput(dir string) (*Output, error) {
	o := &Output{dir: filepath.Clean(dir)}
	if err := files.Inside(o.dir); err != nil {
		return nil, outError(dir, err)
	}
	info, err := os.Stat(o.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		o.fresh = true
		if err := os.MkdirAll(filepath.Dir(o.dir), 0o755); err != nil {
			return nil, outError(dir, err)
		}
		o.staging, err = os.MkdirTemp(filepath.Dir(o.dir), ".lockproof-")
		if err != nil {
			return nil, outError(dir, err)
		}
		return o, nil
	case err != nil:
		return nil, outError(dir, err)
	case !info.IsDir():
		return nil, outError(dir, errors.New("it is a file, not a directory"))
	}
	if err := o.mayReplace(); err != nil {
		return nil, outError(dir, err)
	}
	if o.staging, err = os.MkdirTemp(o.dir, ".lockproof-"); err != nil {
		return nil, outError(dir, err)
	}
	return o, nil
}

func outError(dir string, err error) error {
	return fmt.Errorf("the report cannot be written to %s: %w", dir, err)
}

// mayReplace refuses to replace what is no part of a report.
func (o *Output) mayReplace() error {
	for _, name := range parts() {
		info, err := os.Lstat(filepath.Join(o.dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case drawn[name] != nil && !info.IsDir() || drawn[name] == nil && !info.Mode().IsRegular():
			return fmt.Errorf("%s in it is something else", name)
		}
	}
	for _, dir := range parts() {
		if drawn[dir] == nil {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(o.dir, dir))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			if e.IsDir() || !slices.Contains(drawn[dir], filepath.Ext(e.Name())) {
				return fmt.Errorf("%s in it is no picture of ours", filepath.Join(dir, e.Name()))
			}
		}
	}
	return nil
}

// Write writes all formats and puts them in place.
func (o *Output) Write(r *Report) error {
	if err := o.stage(r); err != nil {
		return outError(o.dir, err)
	}
	var err error
	if o.fresh {
		if err = os.Chmod(o.staging, 0o755); err == nil {
			err = os.Rename(o.staging, o.dir)
		}
	} else {
		err = o.replace()
	}
	if err != nil {
		return outError(o.dir, err)
	}
	return nil
}

// Close removes what Write did not put in place. It may be called after Write.
func (o *Output) Close() error {
	if o == nil {
		return nil
	}
	return os.RemoveAll(o.staging)
}

func (o *Output) stage(r *Report) error {
	r.nameDrawings()
	all := []part{
		{jsonFile, func(w io.Writer) error { return WriteJSON(w, r) }},
		{htmlFile, func(w io.Writer) error { return WriteHTML(w, r) }},
		{junitFile, func(w io.Writer) error { return WriteJUnit(w, r) }},
		{sarifFile, func(w io.Writer) error { return WriteSARIF(w, r) }},
	}
	for i := range r.Results {
		all = append(all, r.Results[i].pictures()...)
	}
	for _, p := range all {
		if err := os.MkdirAll(filepath.Join(o.staging, filepath.Dir(p.name)), 0o755); err != nil {
			return err
		}
		if err := o.file(p.name, p.write); err != nil {
			return err
		}
	}
	return nil
}

// A part is a file of a report.
type part struct {
	name  string
	write func(io.Writer) error
}

// pictures are the drawings of a result.
func (r *Result) pictures() []part {
	var all []part
	if o := r.LockOrder; o != nil && len(o.Edges) > 0 {
		name, title := filepath.Join(orderDir, r.Suite+"."+r.Scenario), r.Suite+":"+r.Scenario
		all = append(all,
			part{name + ".dot", func(w io.Writer) error { return WriteDOT(w, title, o) }},
			part{name + ".svg", func(w io.Writer) error { return WriteSVG(w, title, o) }},
		)
	}
	if r.History != nil {
		for i := range r.History.Violations {
			if v := &r.History.Violations[i]; v.Drawing != "" {
				all = append(all, part{filepath.FromSlash(v.Drawing), v.draw})
			}
		}
	}
	return all
}

// nameDrawings says of each violation which file will have its picture. One that was read from a file has none any more.
func (r *Report) nameDrawings() {
	for i := range r.Results {
		x := &r.Results[i]
		if x.History == nil {
			continue
		}
		for k := range x.History.Violations {
			v := &x.History.Violations[k]
			v.Drawing = ""
			if v.draw != nil {
				v.Drawing = fmt.Sprintf("%s/%s.%s.%d.html", drawDir, x.Suite, x.Scenario, k+1)
			}
		}
	}
}

func (o *Output) file(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(filepath.Join(o.staging, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// replace renames the parts into place, and takes all of it back when one cannot be.
func (o *Output) replace() error {
	var undo []func()
	move := func(from, to string) error {
		if err := os.Rename(from, to); err != nil {
			return err
		}
		undo = append(undo, func() { os.Rename(to, from) })
		return nil
	}
	old := filepath.Join(o.staging, "old")
	err := os.Mkdir(old, 0o755)
	for _, name := range parts() {
		if err == nil {
			err = unlessAbsent(move(filepath.Join(o.dir, name), filepath.Join(old, name)))
		}
		if err == nil {
			err = move(filepath.Join(o.staging, name), filepath.Join(o.dir, name))
			if drawn[name] != nil {
				err = unlessAbsent(err)
			}
		}
	}
	if err != nil {
		for _, back := range slices.Backward(undo) {
			back()
		}
	}
	return err
}

// unlessAbsent forgives that there is no such part.
func unlessAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
