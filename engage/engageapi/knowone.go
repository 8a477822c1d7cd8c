package engageapi

import (
	"archive/zip"
	"bytes"
	"context"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

type wordsIn struct {
	ArticlePath
	Body struct {
		Title string `json:"title" maxLength:"1000"`
		Body  string `json:"body" maxLength:"100000"`
		Note  string `json:"note,omitempty" maxLength:"300" doc:"What was changed, and why."`
		Seen  int64  `json:"seen" doc:"The version that the words began with."`
	}
}

func (a *knowAPI) keep(ctx context.Context, in *wordsIn) (*server.Body[ArticleFull], error) {
	x, err := a.lib.Keep(ctx, in.ID, in.Body.Title, in.Body.Body, in.Body.Note, in.Body.Seen, a.may)
	return a.full(ctx, x, err)
}

func (a *knowAPI) write(ctx context.Context, in *struct {
	ArticlePath
	Body struct {
		Title string `json:"title" maxLength:"1000"`
		Body  string `json:"body" maxLength:"100000"`
		Seen  int64  `json:"seen"`
	}
}) (*server.Body[ArticleWriting], error) {
	w, err := a.lib.Write(ctx, in.ID, in.Body.Title, in.Body.Body, in.Body.Seen)
	return &server.Body[ArticleWriting]{Body: ArticleWriting{w.Title, w.Body, w.Version, w.At}}, err
}

func (a *knowAPI) drop(ctx context.Context, in *ArticlePath) (*struct{}, error) {
	return nil, a.lib.Drop(ctx, in.ID)
}

// ArticleVersion is an article's words at one time.
type ArticleVersion struct {
	N     int64             `json:"n"`
	Title string            `json:"title"`
	Note  string            `json:"note"`
	By    *social.MemberRef `json:"by,omitempty"`
	At    time.Time         `json:"at"`
}

func (a *knowAPI) versions(ctx context.Context, in *struct {
	ArticlePath
	server.Paging
}) (*server.Body[server.Page[ArticleVersion]], error) {
	if _, err := a.lib.Store.Article(ctx, in.ID); err != nil {
		return nil, err
	}
	all, next, err := a.lib.Store.Versions(ctx, in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	var who []social.MemberID
	for _, v := range all {
		who = append(who, v.By)
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return nil, err
	}
	rows := make([]ArticleVersion, len(all))
	for i, v := range all {
		rows[i] = ArticleVersion{N: v.N, Title: v.Title, Note: v.Note, At: v.At}
		if m, ok := members[v.By]; ok {
			rows[i].By = &m
		}
	}
	return &server.Body[server.Page[ArticleVersion]]{Body: server.NewPage(rows, next)}, nil
}

// Compared is what two versions have in common and what not.
type Compared struct {
	Title []know.Piece `json:"title"`
	Body  []know.Piece `json:"body"`
}

func (a *knowAPI) compare(ctx context.Context, in *struct {
	ArticlePath
	From int64 `query:"from" required:"true"`
	To   int64 `query:"to" doc:"0: what one is writing now."`
}) (*server.Body[Compared], error) {
	if _, err := a.lib.Store.Article(ctx, in.ID); err != nil {
		return nil, err
	}
	from, err := a.lib.Store.Version(ctx, in.ID, in.From)
	if err != nil {
		return nil, err
	}
	var to know.Version
	if in.To == 0 {
		w, ok, err := a.lib.Written(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, social.Errorf(social.NotFound, "You are writing nothing here.")
		}
		to.Title, to.Body = w.Title, w.Body
	} else if to, err = a.lib.Store.Version(ctx, in.ID, in.To); err != nil {
		return nil, err
	}
	return &server.Body[Compared]{Body: Compared{know.Compare(from.Title, to.Title), know.Compare(from.Body, to.Body)}}, nil
}

func (a *knowAPI) restore(ctx context.Context, in *struct {
	ArticlePath
	N int64 `path:"n"`
}) (*server.Body[ArticleFull], error) {
	x, err := a.lib.Restore(ctx, in.ID, in.N, a.may)
	return a.full(ctx, x, err)
}

// ArticleCategory is a subject of articles.
type ArticleCategory struct {
	ID     know.CategoryID `json:"id"`
	Name   string          `json:"name"`
	Parent know.CategoryID `json:"parent,omitempty"`
}

func (a *knowAPI) categories(ctx context.Context, _ *struct{}) (*server.Body[server.Page[ArticleCategory]], error) {
	all, err := a.lib.Store.Categories(ctx)
	rows := make([]ArticleCategory, len(all))
	for i, c := range all {
		rows[i] = ArticleCategory{c.ID, c.Name, c.Parent}
	}
	return &server.Body[server.Page[ArticleCategory]]{Body: server.NewPage(rows, "")}, err
}

type categoryBody struct {
	Name   string          `json:"name" maxLength:"200"`
	Parent know.CategoryID `json:"parent,omitempty" maxLength:"64" doc:"The subject that it stands below; subjects go two levels deep."`
}

func (a *knowAPI) addCategory(ctx context.Context, in *struct{ Body categoryBody }) (*server.Body[ArticleCategory], error) {
	c, err := a.lib.AddCategory(ctx, in.Body.Name, in.Body.Parent)
	return &server.Body[ArticleCategory]{Body: ArticleCategory{c.ID, c.Name, c.Parent}}, err
}

func (a *knowAPI) editCategory(ctx context.Context, in *struct {
	ID   know.CategoryID `path:"id" maxLength:"64"`
	Body categoryBody
}) (*server.Body[ArticleCategory], error) {
	c, err := a.lib.RenameCategory(ctx, in.ID, in.Body.Name, in.Body.Parent)
	return &server.Body[ArticleCategory]{Body: ArticleCategory{c.ID, c.Name, c.Parent}}, err
}

func (a *knowAPI) removeCategory(ctx context.Context, in *struct {
	ID know.CategoryID `path:"id" maxLength:"64"`
}) (*struct{}, error) {
	return nil, a.lib.RemoveCategory(ctx, in.ID)
}

// ImportedArticle is what became of one file.
type ImportedArticle struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	Lang    string         `json:"lang"`
	ID      know.ArticleID `json:"id,omitempty"`
	Act     string         `json:"act" doc:"add, update, same or error."`
	Problem string         `json:"problem,omitempty"`
}

func (a *knowAPI) imports(ctx context.Context, in *struct {
	Body struct {
		Files []struct {
			Name string `json:"name" maxLength:"300"`
			Text string `json:"text" maxLength:"110000"`
		} `json:"files" minItems:"1" maxItems:"200"`
		Lang       string             `json:"lang" maxLength:"35" doc:"Of files that do not say."`
		Visibility social.Visibility  `json:"visibility,omitempty" enum:"public,internal" doc:"Of files that do not say."`
		Category   know.CategoryID    `json:"category,omitempty" maxLength:"64"`
		Programme  social.ProgrammeID `json:"programme,omitempty" maxLength:"64"`
		Dry        bool               `json:"dry,omitempty" doc:"Only say what would happen."`
	}
}) (*server.Body[server.Page[ImportedArticle]], error) {
	var files []know.File
	for _, f := range in.Body.Files {
		files = append(files, know.File{Name: f.Name, Text: f.Text})
	}
	done, err := a.lib.Import(ctx, files, know.Article{Lang: in.Body.Lang, Visibility: in.Body.Visibility, Category: in.Body.Category, Programme: in.Body.Programme}, in.Body.Dry, a.may)
	if err != nil {
		return nil, err
	}
	rows := make([]ImportedArticle, len(done))
	for i, d := range done {
		rows[i] = ImportedArticle{Name: d.Name, Title: d.Title, Lang: d.Lang, ID: d.ID, Act: d.Act, Problem: d.Problem}
	}
	return &server.Body[server.Page[ImportedArticle]]{Body: server.NewPage(rows, "")}, nil
}

// fileOut is a file to keep.
type fileOut struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

func (a *knowAPI) export(ctx context.Context, _ *struct{}) (*fileOut, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err := a.lib.Export(ctx, func(name, text string, at time.Time) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return &fileOut{Type: "application/zip", Name: `attachment; filename="articles.zip"`, Body: b.Bytes()}, nil
}
