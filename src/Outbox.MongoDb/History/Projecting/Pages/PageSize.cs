using Outbox.History.Storing;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>How many events a page has: many, unless they are large. What is in memory is two pages, and does not grow with the history.</summary>
internal static class PageSize
{
    public const int First = 50;
    public const int Most = 500;

    /// <summary>About how many characters of payload a page may have.</summary>
    public const int PayloadLimit = 4 * 1024 * 1024;

    /// <summary>The size of the page after one.</summary>
    public static int After(IReadOnlyList<KeptEvent> page, int size)
    {
        var payload = page.Sum(kept => (long)(kept.Message.Payload?.Length ?? 0));
        return payload > PayloadLimit ? Math.Max(1, size / 2) : payload > PayloadLimit / 2 ? size : Math.Min(Most, 2 * size);
    }
}
