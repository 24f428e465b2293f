using System.Text;

namespace Outbox.Dashboard.Pages.Markup;

/// <summary>
/// The address of one of our pages, relative to the others: all lie side by side, so that it holds wherever the dashboard is mapped, and behind a proxy that takes a prefix away. What chooses is in the query.
/// </summary>
internal readonly struct Link
{
    private readonly string _address;

    private Link(string address) => _address = address;

    /// <param name="page">The page, by a name of our own.</param>
    /// <param name="query">What chooses; what is empty is left out.</param>
    public static Link To(string page, params IEnumerable<(string Name, string? Value)> query)
    {
        var address = new StringBuilder(page.Length == 0 ? "./" : page);
        var separator = '?';
        foreach (var (name, value) in query.Where(part => !string.IsNullOrEmpty(part.Value)))
        {
            address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value!));
            separator = '&';
        }

        return new Link(address.ToString());
    }

    /// <summary>Where the host's own settings say that a trace is shown.</summary>
    /// <param name="template">An http or https address, as the options check.</param>
    /// <param name="traceId">Hexadecimal digits.</param>
    public static Link Trace(string template, string traceId) => new(template.Replace("{traceId}", Uri.EscapeDataString(traceId), StringComparison.Ordinal));

    public override string ToString() => _address ?? "./";
}
