using Outbox.History.Storing;

namespace Outbox.Kafka.History.Replaying;

/// <summary>A page of a history. It is all that a replay has in memory, however long the history is.</summary>
internal static class HistoryPage
{
    public const int First = 50;

    private const int Most = 500;

    /// <summary>About how many characters of payload a page may have.</summary>
    private const long PayloadLimit = 4 * 1024 * 1024;

    /// <returns>The events behind a place; none when there are no more.</returns>
    public static async Task<IReadOnlyList<KeptEvent>> ReadAsync(IHistoryStore history, string entityType, HistoryPlace? after, int size, CancellationToken cancellationToken)
    {
        await foreach (var page in history.ScanAsync(entityType, after, size, cancellationToken).ConfigureAwait(false))
        {
            return page;
        }

        return [];
    }

    /// <summary>The size of the page after one.</summary>
    public static int SizeAfter(IReadOnlyList<KeptEvent> page, int size)
    {
        var payload = page.Sum(kept => (long)(kept.Message.Payload?.Length ?? 0));
        return payload > PayloadLimit ? Math.Max(1, size / 2) : payload > PayloadLimit / 2 ? size : Math.Min(Most, 2 * size);
    }
}
