package engageapi

import (
	"context"

	"github.com/parley-crm/parley/engage/copies"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Recipients are who can get an answer besides the customer.
type Recipients struct {
	Most   int      `json:"most" doc:"How many others; 0 where the channel answers the customer alone."`
	Others []string `json:"others" doc:"Addresses that got their last words too, or wrote since; none of ours."`
}

type recipientsInput struct {
	ConversationPath
	Via social.ConversationID `query:"via" doc:"In which of the conversations that were merged it is answered; left out, the one in which they wrote last."`
}

func (a *api) recipients(ctx context.Context, in *recipientsInput) (*server.Body[Recipients], error) {
	r, err := a.desk.Recipients(ctx, in.ID, in.Via)
	return &server.Body[Recipients]{Body: Recipients{r.Most, append([]string{}, r.Others...)}}, err
}

// Copy is somebody who gets a message of ours too.
type Copy struct {
	Address string `json:"address"`
	Problem string `json:"problem,omitempty" doc:"Why it did not get there, as the network says."`
}

func copied(all []copies.Copy) []Copy {
	return collect(all, func(c copies.Copy) Copy { return Copy(c) })
}
