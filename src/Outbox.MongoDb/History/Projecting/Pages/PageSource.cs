namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>Where the events of a page come from.</summary>
internal enum PageSource
{
    /// <summary>They are new.</summary>
    Live,

    /// <summary>From the history, of all entities.</summary>
    Scan,

    /// <summary>From the history, the next ones of one entity.</summary>
    CatchUp,

    /// <summary>The same, and there are no more.</summary>
    CatchUpToEnd,
}
