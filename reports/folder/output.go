package folder

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/page"
	"github.com/lockproof/lockproof/reports/staging"
)

// An Output is a directory that will hold a report in all formats. Everything is written to a
// hidden directory first and put in place when it is complete, so readers see the old report or the
// new one, and after an error the old one or none.
//
// A directory that does not exist yet appears at once, by one rename. In one that exists (it may be
// a mount point, and may hold other files, which stay) the parts of the report are renamed one
// after another, and back if one of these fails. A process that is killed in the middle of that
// leaves what the next run needs to finish it, or to take it back.
type Output struct {
	dir     string
	hidden  *staging.Dir
	staging string // its path
	fresh   bool   // dir does not exist yet: staging becomes it
}

// The files of a report that are always there, with their writers, in the order in which they are
// written.
var files = []struct {
	name  string
	write func(io.Writer, *reports.Report) error
}{
	{"results.json", formats.WriteJSON},
	{"index.html", page.WriteHTML},
	{"junit.xml", formats.WriteJUnit},
	{"results.sarif", formats.WriteSARIF},
}

// The folders of a report. The pictures of lock orders are lock-order/SUITE.SCENARIO.dot and .svg,
// those of histories that nothing explains violations/SUITE.SCENARIO.1.html and so on. There are no
// folders without pictures.
const (
	orderDir = "lock-order"
	drawDir  = "violations"
)

// parts are the folders and files of a report in the order in which they are put in place.
func parts() []string {
	all := []string{orderDir, drawDir}
	for _, f := range slices.Backward(files) {
		all = append(all, f.name)
	}
	return all
}

// drawn are the folders among the parts, with the endings of what may be in them.
var drawn = map[string][]string{orderDir: {".dot", ".svg"}, drawDir: {".html"}}

// NewOutput prepares a directory, so that one in which nothing can be written is known before
// anything is searched. Close must be called in the end.
func NewOutput(dir string) (*Output, error) {
	if dir == "" {
		return nil, errors.New("the report needs the name of a directory")
	}
	o := &Output{dir: filepath.Clean(dir)}
	info, err := os.Stat(o.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		o.fresh = true
		o.hidden, err = staging.New(filepath.Dir(o.dir), nil)
	case err == nil && !info.IsDir():
		err = errors.New("it is a file, not a directory")
	case err == nil:
		if err = o.mayReplace(); err == nil {
			o.hidden, err = staging.New(o.dir, o.mend)
		}
	}
	if err != nil {
		return nil, outError(dir, err)
	}
	o.staging = o.hidden.Path()
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
func (o *Output) Write(r *reports.Report) error {
	if err := o.stage(r); err != nil {
		return outError(o.dir, err)
	}
	put := o.replace
	if o.fresh {
		put = func() error {
			err := os.Chmod(o.staging, 0o755)
			if err == nil {
				err = os.Rename(o.staging, o.dir)
			}
			return err
		}
	}
	if err := o.hidden.Put(put); err != nil {
		return outError(o.dir, err)
	}
	return nil
}

// Close removes what Write did not put in place. It may be called after Write.
func (o *Output) Close() error {
	if o == nil {
		return nil
	}
	return o.hidden.Close()
}

func (o *Output) stage(r *reports.Report) error {
	nameDrawings(r)
	var all []part
	for _, f := range files {
		all = append(all, part{f.name, func(w io.Writer) error { return f.write(w, r) }})
	}
	for i := range r.Results {
		all = append(all, pictures(&r.Results[i])...)
	}
	for _, p := range all {
		if folder := filepath.Dir(p.name); folder != "." { // staging itself is not made again if it is gone
			if err := os.Mkdir(filepath.Join(o.staging, folder), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
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
func pictures(r *reports.Result) []part {
	var all []part
	if o := r.LockOrder; o != nil && len(o.Edges) > 0 {
		name, title := filepath.Join(orderDir, r.Suite+"."+r.Scenario), r.Suite+":"+r.Scenario
		all = append(all,
			part{name + ".dot", func(w io.Writer) error { return formats.WriteDOT(w, title, o) }},
			part{name + ".svg", func(w io.Writer) error { return page.WriteSVG(w, title, o) }},
		)
	}
	if r.History != nil {
		for i := range r.History.Violations {
			if v := &r.History.Violations[i]; v.Drawing != "" {
				all = append(all, part{filepath.FromSlash(v.Drawing), v.Draw})
			}
		}
	}
	return all
}

// nameDrawings says of each violation which file will have its picture. One that was read from a
// file has none any more.
func nameDrawings(r *reports.Report) {
	for i := range r.Results {
		x := &r.Results[i]
		if x.History == nil {
			continue
		}
		for k := range x.History.Violations {
			v := &x.History.Violations[k]
			v.Drawing = ""
			if v.Draw != nil {
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
