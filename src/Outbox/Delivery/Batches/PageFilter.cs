using Outbox.Delivery.Leases;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>Sorts a page into what may be published now, what expired, and what must wait, along with everything behind it of the same entity.</summary>
internal sealed class PageFilter(RetrySchedule retries, LaneLeases leases)
{
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);

    /// <summary>Forgets which entities wait: a new sweep reads them from their first message again.</summary>
    public void StartSweep() => _waiting.Clear();

    /// <summary>Holds entities for the rest of the sweep.</summary>
    public void Hold(IEnumerable<string> entityIds) => _waiting.UnionWith(entityIds);

    public FilteredPage Filter(IReadOnlyList<OutboxMessage> page)
    {
        var now = leases.ServerNow;
        var ready = new List<OutboxMessage>(page.Count);
        var expired = new List<OutboxMessage>();
        foreach (var message in page)
        {
            if (message.ExpiresAt <= now)
            {
                expired.Add(message);
            }
            else if (_waiting.Contains(message.EntityId) || retries.MustWait(message))
            {
                _waiting.Add(message.EntityId);
            }
            else
            {
                ready.Add(message);
            }
        }

        return new FilteredPage(ready, expired, page.Count - ready.Count - expired.Count);
    }
}
