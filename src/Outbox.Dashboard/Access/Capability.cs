namespace Outbox.Dashboard.Access;

/// <summary>What an endpoint lets people do.</summary>
internal enum Capability
{
    /// <summary>See what there is, without payloads and headers.</summary>
    Read,

    /// <summary>See payloads and headers.</summary>
    Payload,

    /// <summary>Do what can be undone or does no harm twice: retry, restore, pause, resume, cancel.</summary>
    Operate,

    /// <summary>Do what loses something: discard, edit, release a sequence.</summary>
    Destroy,
}
