using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Redacting;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>What people may see of a message's headers and payload: nothing without the right to, and else what the redactor leaves.</summary>
internal static class ShownContent
{
    private const int MostShown = 100_000;
    private const int MostOfHeader = 2_000;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Html Of(Visit visit, ShownMessage message) => visit.May(Capability.Payload)
        ? Html.Of($"{Payload(visit, message)}{Headers(visit, message)}")
        : Html.Of($"<section><h2>Payload</h2><p class=\"none\">Masked: you may not see payloads and headers ({message.Headers.Count} headers).</p></section>");

    public static ShownText? PayloadOf(Visit visit, ShownMessage message) => message.Payload is { } payload ? visit.Get<Redaction>().Payload(message.Type, message.Topic, payload) : null;

    private static Html Payload(Visit visit, ShownMessage message)
    {
        if (PayloadOf(visit, message) is not { } shown)
        {
            return Html.Of($"<section><h2>Payload</h2><p class=\"none\">It has none.</p></section>");
        }

        var text = Pretty(shown.Text);
        return Html.Of($"""
            <section><h2>Payload{Html.If(shown.IsRedacted, $" <small>redacted</small>")}</h2>
            <pre class="payload" tabindex="0" aria-label="Payload">{Visible.Short(text, MostShown)}</pre>
            <p>{Html.If(text.Length > MostShown, $"Only the beginning is shown. ")}<a href="{MessageActs.At(Routes.Payload, message.Side, message.Id)}" download>Download</a></p>
            {Edit(visit, message, shown)}</section>
            """);
    }

    private static Html Edit(Visit visit, ShownMessage message, ShownText shown) =>
        !message.CanBeEdited || message.Discarded is not null || !visit.Get<IOptions<OutboxOptions>>().Value.AllowEdit || !visit.May(Capability.Destroy) ? Html.None
        : shown.IsRedacted ? Html.Of($"<p class=\"none\">It cannot be edited here: a part of it is not shown.</p>")
        : Html.Of($"""
            <details class="edit"><summary>Edit and retry</summary>
            {ActForm.Of(visit, [new OfferedAct("Save and retry", MessageActs.At(Routes.Edit, message.Side, message.Id), Capability.Destroy)], Fields(message, shown))}
            </details>
            """);

    private static Html Fields(ShownMessage message, ShownText shown) => Html.Of(
        $"<input type=\"hidden\" name=\"etag\" value=\"{new Exact(message.ETag)}\"><label>Payload, as JSON <textarea name=\"payload\" rows=\"12\" spellcheck=\"false\" required>\n{new Exact(shown.Text)}</textarea></label>");

    private static Html Headers(Visit visit, ShownMessage message) => Html.Of($"""
        <section><h2>Headers</h2>
        {Table.Of(
            "Headers",
            message.Headers,
            "It has none.",
            new("Name", header => Words.Code(header.Key)),
            new("Value", header => Html.Of($"<code>{Visible.Short(Header(visit, message, header), MostOfHeader)}</code>")))}
        </section>
        """);

    private static string Header(Visit visit, ShownMessage message, KeyValuePair<string, string?> header) =>
        header.Value is { } value ? visit.Get<Redaction>().Header(message.Type, message.Topic, header.Key, value).Text : "";

    /// <summary>JSON with a line for each member; other text as it is.</summary>
    private static string Pretty(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(json.RootElement, Indented);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // What is no JSON, or has half a character in it, is shown as it came.
            return text;
        }
    }
}
