package files

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

// Read reads a regular file of at most limit bytes, however large it says that it is, until ctx
// ends.
func Read(ctx context.Context, fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		err = regular(info)
	}
	if err == nil && info.Size() > limit {
		err = fmt.Errorf("it has %d bytes, more than the limit of %d", info.Size(), limit)
	}
	if err != nil {
		return nil, at("read", name, err)
	}
	text, err := readAll(ctx, f, limit)
	return text, at("read", name, err)
}

// readAll reads to the end, or up to the limit, which is then the error.
func readAll(ctx context.Context, r io.Reader, limit int64) ([]byte, error) {
	const step = 1 << 20
	var text []byte
	r = io.LimitReader(r, limit+1)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		old := len(text)
		text = append(text, make([]byte, min(max(int64(old), 4096), step))...)
		n, err := io.ReadFull(r, text[old:])
		text = text[:old+n]
		switch {
		case int64(len(text)) > limit:
			return nil, fmt.Errorf("it has more bytes than the limit of %d", limit)
		case err == io.EOF, err == io.ErrUnexpectedEOF:
			return text, nil
		case err != nil:
			return nil, err
		}
	}
}

// A Budget bounds what a run reads altogether. It may be shared by several readers; nil has no
// bound.
type Budget struct {
	mu          sync.Mutex
	total, left int64
}

// NewBudget makes a budget of so many bytes.
func NewBudget(bytes int64) *Budget { return &Budget{total: bytes, left: bytes} }

// Spend takes n bytes out of the budget.
func (b *Budget) Spend(n int) error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if int64(n) > b.left {
		return fmt.Errorf("it has %d bytes, and %d of the %d that may be read altogether are left", n, b.left, b.total)
	}
	b.left -= int64(n)
	return nil
}

// A Reader reads files of one file system within a budget. It may be used by several goroutines.
type Reader struct {
	fsys   fs.FS
	budget *Budget
	mu     sync.Mutex
	kept   map[string][]byte
}

// NewReader makes a reader.
func NewReader(fsys fs.FS, budget *Budget) *Reader {
	return &Reader{fsys: fsys, budget: budget, kept: map[string][]byte{}}
}

// Read reads a file once: whoever asks again gets the same text, which must not be changed.
func (r *Reader) Read(ctx context.Context, name string, limit int64) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if text, ok := r.kept[name]; ok {
		return text, nil
	}
	text, err := r.Take(ctx, name, limit)
	if err == nil {
		r.kept[name] = text
	}
	return text, err
}

// Take reads a file and does not keep it.
func (r *Reader) Take(ctx context.Context, name string, limit int64) ([]byte, error) {
	text, err := Read(ctx, r.fsys, name, limit)
	if err == nil {
		err = at("read", name, r.budget.Spend(len(text)))
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

// Stat describes what a name stands for.
func (r *Reader) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.fsys, name) }

// List lists a directory by name.
func (r *Reader) List(dir string) ([]fs.DirEntry, error) { return fs.ReadDir(r.fsys, dir) }
