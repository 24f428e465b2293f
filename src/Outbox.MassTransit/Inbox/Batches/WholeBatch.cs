namespace Outbox.Inbox.Batches;

/// <summary>
/// A batch that the transport has put together, in order; a payload of the one context that goes through MassTransit's pipeline for all of its messages. The inbox
/// consumes its messages, and notes what came of each.
/// </summary>
/// <param name="items">The messages.</param>
public sealed class WholeBatch(IReadOnlyList<WholeBatchItem> items)
{
    /// <summary>The messages, those of one key in their order.</summary>
    public IReadOnlyList<WholeBatchItem> Items => items;
}
