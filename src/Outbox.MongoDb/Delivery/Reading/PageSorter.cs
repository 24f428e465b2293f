using Outbox.Messages;
using Outbox.MongoDb.Delivery.Parking;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb.Delivery.Reading;

/// <summary>
/// Leaves out of the pages of one sweep what waits for a person, and what cannot be read, which is parked. It is parked only when no message of its
/// entity is before it: a message that is published only later would otherwise wait for a person, too.
/// </summary>
internal sealed class PageSorter(HeldMessages held, UnreadableMessages unreadable)
{
    private Entity? _before;
    private Entity? _passing;

    /// <summary>Whether what holds its entity may be parked now: not while earlier messages of it may be left out of the sweep.</summary>
    public bool MayPark { get; init; } = true;

    /// <summary>The messages of a page of the sweep, in which an entity's messages follow each other.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> SortAsync(IEnumerable<StoredMessage> page, CancellationToken cancellationToken)
    {
        var (messages, notes) = Sort(page);
        if (notes.Count > 0)
        {
            await unreadable.ParkAsync(notes, cancellationToken).ConfigureAwait(false);
            held.Add(notes.Where(note => note.HoldsEntity).Select(note => note.Entity!.Value));
        }

        return messages;
    }

    private (List<OutboxMessage> Messages, List<ParkedNote> Unreadable) Sort(IEnumerable<StoredMessage> page)
    {
        var messages = new List<OutboxMessage>();
        var notes = new List<ParkedNote>();
        foreach (var stored in page)
        {
            if (IsPassing(stored.Entity))
            {
                continue;
            }

            if (stored.Message is { } message)
            {
                messages.Add(message);
                _before = message.Entity;
                continue;
            }

            var note = unreadable.Note(stored);
            _passing = note.HoldsEntity ? note.Entity : null;
            if (!note.HoldsEntity || (MayPark && note.Entity != _before))
            {
                notes.Add(note);
            }
        }

        return (messages, notes);
    }

    /// <summary>A document without a type holds all that have its id.</summary>
    private bool IsPassing(Entity? entity) =>
        entity is { } own && _passing is { } passing && (own == passing || (passing.Type.Length == 0 && own.Id == passing.Id));
}
