namespace Outbox.Dashboard.Api.Answering;

/// <summary>What errors are called, for programs; <c>docs/http-api.md</c> lists them. They do not change.</summary>
internal static class ApiCodes
{
    /// <summary>There is no such thing.</summary>
    public const string NotFound = "notFound";

    /// <summary>The request is none.</summary>
    public const string InvalidRequest = "invalidRequest";

    /// <summary>The cursor is not one of this list.</summary>
    public const string InvalidCursor = "invalidCursor";

    /// <summary>The body is too large.</summary>
    public const string TooLarge = "tooLarge";

    /// <summary>The state of things does not allow it.</summary>
    public const string Refused = "refused";

    /// <summary>The message is not any more what was looked at.</summary>
    public const string Changed = "changed";

    /// <summary>It was not said what was looked at.</summary>
    public const string PreconditionRequired = "preconditionRequired";

    /// <summary>The idempotency key belongs to something else.</summary>
    public const string KeyReused = "keyReused";

    /// <summary>The database is out of reach.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The database did not answer in time.</summary>
    public const string TimedOut = "timedOut";

    /// <summary>Something went wrong that nobody foresaw.</summary>
    public const string Internal = "internal";
}
