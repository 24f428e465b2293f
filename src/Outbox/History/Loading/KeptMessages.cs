using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.History.Loading;

/// <summary>Finds what is to be kept of what a transaction captured, and refuses what would leave a gap in a history, or a fork.</summary>
internal static class KeptMessages
{
    /// <param name="registry">Knows which topics are kept.</param>
    /// <param name="heads">What the transaction knows.</param>
    /// <param name="messages">What it stores now, in order.</param>
    /// <param name="read">Reads the version of an entity's last event, in the transaction.</param>
    /// <returns>The events to keep.</returns>
    /// <exception cref="VersionConflictException">A version is taken, or one is left out.</exception>
    public static async ValueTask<IReadOnlyList<OutboxMessage>> CheckAsync(
        MessageRegistry registry, KnownHeads heads, IReadOnlyList<OutboxMessage> messages, Func<Entity, ValueTask<long>> read)
    {
        if (!registry.KeepsHistory)
        {
            return [];
        }

        var kept = messages.Where(message => registry.IsKept(message.Topic)).ToList();
        foreach (var events in kept.GroupBy(message => message.Entity))
        {
            var stored = heads.Stored(events.Key) ?? await read(events.Key).ConfigureAwait(false);
            var last = stored;
            foreach (var message in events)
            {
                if (message.Version != ++last)
                {
                    throw new VersionConflictException(events.Key, message.Version - 1, last - 1);
                }
            }

            heads.Found(events.Key, last);
        }

        return kept;
    }
}
