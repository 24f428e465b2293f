using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;
using Outbox.Operations.Pausing;

namespace Outbox.Delivery.Batches;

/// <summary>
/// Sorts a page into what may be published now, what expired, and what must wait, along with everything behind it of the same entity. A closed place whose turn has come is tried with
/// one message in a sweep.
/// </summary>
internal sealed class PageFilter(RetrySchedule retries, ClosedPlaces places, IMessagePublisher publisher, LaneLeases leases, PauseBook pauses)
{
    private readonly HashSet<Entity> _waiting = [];
    private readonly HashSet<Place> _tried = [];

    /// <summary>Forgets which entities wait: a new sweep reads them from their first message again.</summary>
    public void StartSweep()
    {
        _waiting.Clear();
        _tried.Clear();
    }

    /// <summary>Holds entities for the rest of the sweep.</summary>
    public void Hold(IEnumerable<Entity> entities) => _waiting.UnionWith(entities);

    public FilteredPage Filter(IReadOnlyList<OutboxMessage> page)
    {
        var now = leases.ServerNow;
        var ready = new List<OutboxMessage>(page.Count);
        var expired = new List<OutboxMessage>();
        var behind = new List<(OutboxMessage, Place)>();
        foreach (var message in page)
        {
            if (message.ExpiresAt <= now)
            {
                expired.Add(message);
            }
            else if (_waiting.Contains(message.Entity) || MustWait(message, behind))
            {
                _waiting.Add(message.Entity);
            }
            else
            {
                ready.Add(message);
            }
        }

        return new FilteredPage(ready, expired, behind, page.Count - ready.Count - expired.Count);
    }

    private bool MustWait(OutboxMessage message, List<(OutboxMessage Message, Place Place)> behind)
    {
        if (retries.MustWait(message.Entity) || pauses.IsTopicPaused(message.Topic))
        {
            return true;
        }

        if (!places.Any || places.ClosedOver(publisher.TryPlaceOf(message)) is not { } closed)
        {
            return false;
        }

        if (places.IsWaiting(closed))
        {
            if (closed.Partition is not null)
            {
                retries.PassedOver(message.Entity, closed);
            }

            return true;
        }

        if (_tried.Add(closed))
        {
            return false;
        }

        behind.Add((message, closed));
        return true;
    }
}
