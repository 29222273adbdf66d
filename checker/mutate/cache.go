package mutate

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/lockproof/lockproof/csource/syntax"
)

// A Cache keeps answers from one run to the next, in a file of lines. An answer is known by what it
// depends on: the program that gave it, the C, the scenario, the bounds. So nothing in it goes out
// of date, and whatever changes is asked again.
//
// A line that is not as a run writes it is passed over, whatever it says, and two runs may share a
// file. A nil Cache knows nothing, and keeps nothing.
type Cache struct {
	tool string

	mu    sync.Mutex
	known map[string]json.RawMessage
	file  *os.File
	err   error // of the first write that failed
	hits  int
}

// The file has its newest half left when it is larger than maxCache. A longer line is no answer.
const (
	cacheName = "mutate.jsonl"
	maxCache  = 16 << 20
	maxLine   = 1 << 16
)

// A cached answer, as a line.
type cached struct {
	Key string `json:"key"`
	// Sum is of key and value: a line that was cut off, or changed, is not believed.
	Sum   string          `json:"sum"`
	Value json.RawMessage `json:"value"`
}

// OpenCache opens the cache in a directory, which is made if need be. tool names the program
// exactly: another one may answer otherwise.
func OpenCache(dir, tool string) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("the cache cannot be made: %w", err)
	}
	name := filepath.Join(dir, cacheName)
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the cache cannot be used: %s is no file", name)
	}
	c := &Cache{tool: tool, known: map[string]json.RawMessage{}}
	if err := c.load(name); err != nil {
		return nil, fmt.Errorf("the cache cannot be read: %w", err)
	}
	var err error
	if c.file, err = os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err != nil {
		return nil, fmt.Errorf("the cache cannot be written: %w", err)
	}
	// What was cut off in the middle of a line must not take the next one with it.
	if info, err := c.file.Stat(); err == nil && info.Size() > 0 {
		c.file.Write([]byte("\n"))
	}
	return c, nil
}

// load reads the newest part of the file, and shortens it to that where it has grown too large.
func (c *Cache) load(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	from := int64(0)
	if info.Size() > maxCache {
		from = info.Size() - maxCache/2
	}
	newest := io.NewSectionReader(f, from, maxCache)
	var kept bytes.Buffer
	lines := bufio.NewReaderSize(newest, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		if x, ok := parseCached(line); ok {
			c.known[x.Key] = x.Value
			if from > 0 {
				kept.Write(line)
			}
		}
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a line that is too long
			_, err = lines.ReadSlice('\n')
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if from == 0 {
		return nil
	}
	return replaceFile(name, kept.Bytes())
}

// replaceFile puts another file in the place of one, as a whole.
func replaceFile(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".mutate-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// parseCached is a line, if it is one that a run has written.
func parseCached(line []byte) (x cached, ok bool) {
	if !bytes.HasSuffix(line, []byte("\n")) || json.Unmarshal(line, &x) != nil {
		return x, false
	}
	return x, x.Sum == sum(x.Key, x.Value)
}

func sum(key string, value []byte) string {
	h := sha256.Sum256(append([]byte(key), value...))
	return hex.EncodeToString(h[:8])
}

// key is by what an answer is known.
func (c *Cache) key(what string, bound int64, about string, texts []syntax.Source) string {
	if c == nil {
		return ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %d %q\n", c.tool, what, bound, about)
	for _, t := range texts {
		fmt.Fprintf(h, "%q %d\n", t.Name, len(t.Text))
		h.Write(t.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// get finds an answer.
func (c *Cache) get(key string, into any) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	value, ok := c.known[key]
	if !ok || json.Unmarshal(value, into) != nil {
		return false
	}
	c.hits++
	return true
}

// put keeps an answer.
func (c *Cache) put(key string, answer any) {
	if c == nil {
		return
	}
	value, err := json.Marshal(answer)
	if err != nil || len(value) > maxLine/2 {
		return
	}
	line, err := json.Marshal(cached{Key: key, Sum: sum(key, value), Value: value})
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known[key] = value
	if c.err == nil {
		_, c.err = c.file.Write(append(line, '\n'))
	}
}

// Hits is how many answers were known.
func (c *Cache) Hits() int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hits
}

// Close lets go of the file, and says what of it could not be written.
func (c *Cache) Close() error {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.err, c.file.Close())
}
