using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>Which messages of one side; all of them, where nothing is said.</summary>
internal sealed record ParkedFields
{
    private const int LongestError = 1_000;

    public string? Endpoint { get; init; }

    [JsonConverter(typeof(CamelCase<ParkReason>))]
    public ParkReason? Reason { get; init; }

    public string? Topic { get; init; }

    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public string? Type { get; init; }

    public string? ErrorGroup { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset? ParkedFrom { get; init; }

    public DateTimeOffset? ParkedBefore { get; init; }

    /// <exception cref="ApiException">It filters by what only the inbox has.</exception>
    public ParkedFilter ToOutbox() => Endpoint is not null || Reason is not null
        ? throw ApiException.Invalid("Only messages of the inbox have an endpoint and a reason to filter by.")
        : new ParkedFilter { Topic = Topic, EntityType = EntityType, EntityId = EntityId, Type = Type, ErrorGroup = ErrorGroup, Error = Searched, ParkedFrom = ParkedFrom, ParkedBefore = ParkedBefore };

    public ParkedInboxFilter ToInbox() => new()
    {
        Endpoint = Endpoint,
        Reason = Reason,
        Topic = Topic,
        EntityType = EntityType,
        EntityId = EntityId,
        Type = Type,
        ErrorGroup = ErrorGroup,
        Error = Searched,
        ParkedFrom = ParkedFrom,
        ParkedBefore = ParkedBefore,
    };

    /// <summary>The database searches by a pattern, which has an end.</summary>
    private string? Searched => Error is null || (Error.Length is > 0 and <= LongestError && !Error.Contains('\0'))
        ? Error
        : throw ApiException.Invalid($"'error' must have 1 to {LongestError} characters, none of which is NUL.");

    public static ParkedFields Of(ParkedFilter filter) => new()
    {
        Topic = filter.Topic,
        EntityType = filter.EntityType,
        EntityId = filter.EntityId,
        Type = filter.Type,
        ErrorGroup = filter.ErrorGroup,
        Error = filter.Error,
        ParkedFrom = filter.ParkedFrom,
        ParkedBefore = filter.ParkedBefore,
    };

    public static ParkedFields Of(ParkedInboxFilter filter) => new()
    {
        Endpoint = filter.Endpoint,
        Reason = filter.Reason,
        Topic = filter.Topic,
        EntityType = filter.EntityType,
        EntityId = filter.EntityId,
        Type = filter.Type,
        ErrorGroup = filter.ErrorGroup,
        Error = filter.Error,
        ParkedFrom = filter.ParkedFrom,
        ParkedBefore = filter.ParkedBefore,
    };
}
