package files

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// Limits of a walk. The largest source trees have a hundred thousand files and are twenty
// directories deep.
const (
	maxEntries = 200_000   // of one directory
	maxWalk    = 1_000_000 // of all directories
	maxDepth   = 100       // directories in one another
)

var (
	errCrowded = errors.New("the directory has too many entries")
	errVast    = errors.New("too many files and directories lie in the directory that is being read")
	errDeep    = errors.New("too many directories lie in one another")
)

// Walk calls found for each file below a directory whose name ends in ext, in the order of their
// names. It enters neither hidden directories nor links to directories; a link that is named like a
// file is found. The error is a [*fs.PathError].
func (r *Reader) Walk(dir, ext string, found func(name string)) error {
	return walk(r.fsys, dir, ext, maxWalk, found)
}

func walk(fsys fs.FS, dir, ext string, left int, found func(name string)) error {
	return fs.WalkDir(fsys, dir, func(name string, e fs.DirEntry, err error) error {
		if left--; left < 0 {
			err = errVast
		}
		switch {
		case err != nil:
			return at("walk", name, err)
		case e.IsDir() && name != dir && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case e.IsDir() && strings.Count(strings.TrimPrefix(name, dir), "/") > maxDepth:
			return at("walk", name, errDeep)
		case !e.IsDir() && path.Ext(name) == ext:
			found(name)
		}
		return nil
	})
}
