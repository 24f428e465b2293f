using Outbox.Messages;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb.Delivery;

/// <summary>
/// Leaves out of the pages of one sweep what waits for a person, and what cannot be read, which is parked. It is parked only when no message of its
/// entity is before it: a message that is published only later would otherwise wait for a person, too.
/// </summary>
internal sealed class PageSorter(HeldMessages held, UnreadableMessages unreadable)
{
    private string? _before;
    private string? _passing;

    /// <summary>The messages of a page of the sweep, in which an entity's messages follow each other.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> SortAsync(IEnumerable<StoredMessage> page, CancellationToken cancellationToken)
    {
        var (messages, notes) = Sort(page);
        if (notes.Count > 0)
        {
            await unreadable.ParkAsync(notes, cancellationToken).ConfigureAwait(false);
            held.Add(notes.Where(note => note.HoldsEntity).Select(note => note.EntityId!));
        }

        return messages;
    }

    private (List<OutboxMessage> Messages, List<ParkedNote> Unreadable) Sort(IEnumerable<StoredMessage> page)
    {
        var messages = new List<OutboxMessage>();
        var notes = new List<ParkedNote>();
        foreach (var stored in page)
        {
            if (_passing is not null && stored.EntityId == _passing)
            {
                continue;
            }

            if (stored.Message is { } message)
            {
                messages.Add(message);
                _before = message.EntityId;
                continue;
            }

            var note = unreadable.Note(stored);
            _passing = note.HoldsEntity ? note.EntityId : null;
            if (!note.HoldsEntity || note.EntityId != _before)
            {
                notes.Add(note);
            }
        }

        return (messages, notes);
    }
}
