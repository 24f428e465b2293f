using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>Entities, with the way to why they are stuck.</summary>
internal static class Entities
{
    public static Html A(string? type, string? id, long? version = null) => string.IsNullOrEmpty(id) ? Html.None
        : Html.Of($"<a href=\"{Why(type, id)}\">{(string.IsNullOrEmpty(type) ? "" : $"{Visible.Short(type, 80)}/")}{Visible.Short(id, 80)}</a>{Html.If(version is not null, $" <small>v{version ?? 0}</small>")}");

    public static Link Why(string? type, string id) => string.IsNullOrEmpty(type) ? Link.To(Routes.Why, ("q", id)) : Link.To(Routes.Why, ("type", type), ("id", id));
}
