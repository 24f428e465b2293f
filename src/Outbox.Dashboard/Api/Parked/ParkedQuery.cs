using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Outbox.Dashboard.Api.Reading;
using Outbox.Inbox;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>A filter as the address has it.</summary>
internal sealed record ParkedQuery
{
    [FromQuery(Name = "side"), Description("outbox or inbox; both, where nothing is said.")]
    public string? Side { get; init; }

    [FromQuery(Name = "endpoint"), Description("Only this endpoint's, of the inbox.")]
    public string? Endpoint { get; init; }

    [FromQuery(Name = "reason"), Description("Only those of the inbox parked as failed, gap, held or unreadable.")]
    public string? Reason { get; init; }

    [FromQuery(Name = "topic"), Description("Only those of this topic.")]
    public string? Topic { get; init; }

    [FromQuery(Name = "entityType"), Description("Only those of entities of this type.")]
    public string? EntityType { get; init; }

    [FromQuery(Name = "entityId"), Description("Only those of the entities of this id.")]
    public string? EntityId { get; init; }

    [FromQuery(Name = "type"), Description("Only messages of this type, by its name.")]
    public string? Type { get; init; }

    [FromQuery(Name = "errorGroup"), Description("Only those of this group of errors.")]
    public string? ErrorGroup { get; init; }

    [FromQuery(Name = "error"), Description("Only those whose error has this text in it, in the same letters.")]
    public string? Error { get; init; }

    [FromQuery(Name = "parkedFrom"), Description("Only those parked at this moment or later, in ISO 8601.")]
    public string? ParkedFrom { get; init; }

    [FromQuery(Name = "parkedBefore"), Description("Only those parked before this moment, in ISO 8601.")]
    public string? ParkedBefore { get; init; }

    public ParkedFields Fields => new()
    {
        Endpoint = Endpoint,
        Reason = ApiText.Name<ParkReason>(Reason, "reason"),
        Topic = Topic,
        EntityType = EntityType,
        EntityId = EntityId,
        Type = Type,
        ErrorGroup = ErrorGroup,
        Error = Error,
        ParkedFrom = ApiText.Time(ParkedFrom, "parkedFrom"),
        ParkedBefore = ApiText.Time(ParkedBefore, "parkedBefore"),
    };

    /// <summary>The sides that it is about: what only the inbox has, is about the inbox.</summary>
    public IReadOnlyList<Side> Sides => ApiText.Name<Side>(Side, "side") is { } side ? [side]
        : Endpoint is not null || Reason is not null ? [Parked.Side.Inbox]
        : [Parked.Side.Outbox, Parked.Side.Inbox];
}
