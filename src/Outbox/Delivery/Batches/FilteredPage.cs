using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>A page of the outbox, sorted by what to do with its messages.</summary>
/// <param name="Ready">To be published now.</param>
/// <param name="Expired">To be dropped.</param>
/// <param name="Behind">The first of each entity that waits for what becomes of the one message that its place, closed until now, is tried with.</param>
/// <param name="Waiting">How many wait, those included.</param>
internal sealed record FilteredPage(
    IReadOnlyList<OutboxMessage> Ready, IReadOnlyList<OutboxMessage> Expired, IReadOnlyList<(OutboxMessage Message, Place Place)> Behind, int Waiting);
