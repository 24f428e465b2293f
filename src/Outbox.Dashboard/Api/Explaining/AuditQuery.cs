using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Outbox.Dashboard.Api.Reading;
using Outbox.Operations.Auditing;

namespace Outbox.Dashboard.Api.Explaining;

/// <summary>A filter as the address has it.</summary>
internal sealed record AuditQuery
{
    [FromQuery(Name = "by"), Description("Only those of this person, by name.")]
    public string? By { get; init; }

    [FromQuery(Name = "act"), Description("Only this act: retry, discard, restore, edit, replay, release, start, cancel, pause or resume.")]
    public string? Act { get; init; }

    [FromQuery(Name = "messageId"), Description("Only those on this message.")]
    public string? MessageId { get; init; }

    [FromQuery(Name = "entityType"), Description("Only those on entities of this type.")]
    public string? EntityType { get; init; }

    [FromQuery(Name = "entityId"), Description("Only those on the entities of this id.")]
    public string? EntityId { get; init; }

    [FromQuery(Name = "operationId"), Description("Only those that are part of this bulk operation.")]
    public string? OperationId { get; init; }

    [FromQuery(Name = "from"), Description("Only those of this moment or later, in ISO 8601.")]
    public string? From { get; init; }

    [FromQuery(Name = "before"), Description("Only those before this moment, in ISO 8601.")]
    public string? Before { get; init; }

    public AuditFilter Filter => new()
    {
        By = By,
        Act = Act,
        MessageId = MessageId,
        EntityType = EntityType,
        EntityId = EntityId,
        OperationId = OperationId,
        From = ApiText.Time(From, "from"),
        Before = ApiText.Time(Before, "before"),
    };
}
