using System.Globalization;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>Which parked or discarded messages, as an address says it.</summary>
internal sealed class Filter(Side side, bool isDiscarded, Func<string, string?> said)
{
    /// <summary>What can be said of both sides, and what only of the inbox.</summary>
    private static readonly string[] Common = ["topic", "entityType", "entityId", "type", "group", "error", "from", "before"];
    private static readonly string[] OfInbox = ["endpoint", "reason"];

    public Side Side { get; } = side;

    public bool IsDiscarded { get; } = isDiscarded;

    public bool IsEmpty => Names.All(name => Value(name) is null);

    public IEnumerable<string> Names => Side == Side.Inbox ? [.. OfInbox, .. Common] : Common;

    public ParkedFilter Outbox => new()
    {
        Topic = Value("topic"),
        EntityType = Value("entityType"),
        EntityId = Value("entityId"),
        Type = Value("type"),
        ErrorGroup = Value("group"),
        Error = Value("error"),
        ParkedFrom = Moment("from"),
        ParkedBefore = Moment("before"),
    };

    public ParkedInboxFilter Inbox => new()
    {
        Endpoint = Value("endpoint"),
        Reason = Value("reason") is not { } name ? null : Enum.TryParse<ParkReason>(name, ignoreCase: true, out var reason) && Enum.IsDefined(reason) ? reason : throw PageException.Wrong($"There is no reason '{name}'."),
        Topic = Value("topic"),
        EntityType = Value("entityType"),
        EntityId = Value("entityId"),
        Type = Value("type"),
        ErrorGroup = Value("group"),
        Error = Value("error"),
        ParkedFrom = Moment("from"),
        ParkedBefore = Moment("before"),
    };

    public static Filter Of(Visit visit) => new(SideOf(visit) ?? Side.Outbox, visit.Query("discarded") is not null, visit.Query);

    /// <summary>All of a group of errors.</summary>
    public static Filter OfGroup(Side side, string group) => new(side, false, name => name == "group" ? group : null);

    public static Side? SideOf(Visit visit) => visit.Query("side") is not { } name ? null
        : Enum.TryParse<Side>(name, ignoreCase: true, out var side) && Enum.IsDefined(side) ? side : throw PageException.Wrong($"There is no side '{name}'.");

    public string? Value(string name) => said(name);

    public Link Link(string page, params IEnumerable<(string, string?)> more) =>
        Markup.Link.To(page, [("side", Word(Side)), ("discarded", IsDiscarded ? "1" : null), .. Names.Select(name => (name, Value(name))), .. more]);

    public static string Word(Side side) => side == Side.Outbox ? "outbox" : "inbox";

    private DateTimeOffset? Moment(string name) => Value(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment
        : throw PageException.Wrong($"'{text}' is no time. Write 2026-11-26T14:00, in UTC.");
}
