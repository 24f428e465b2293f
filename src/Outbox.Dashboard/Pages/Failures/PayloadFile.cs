using System.Text;
using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>A payload as it is, as the redactor leaves it: as a file, never as a page.</summary>
internal static class PayloadFile
{
    private const string Encoded = "base64:";

    public static async Task<IResult> SendAsync(HttpContext http)
    {
        var visit = await Visit.OfAsync(http).ConfigureAwait(false);
        if (visit.Query("id") is not { } id || visit.Query("side") is not ("outbox" or "inbox"))
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        var found = await MessagePage.FindAsync(visit, visit.Query("side") == "inbox" ? Side.Inbox : Side.Outbox, id).ConfigureAwait(false);
        if (!found.IsKnown)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        return found.Value is not { } message || ShownContent.PayloadOf(visit, message) is not { } shown
            ? Results.StatusCode(StatusCodes.Status404NotFound)
            : Results.File(Bytes(shown.Text), "application/octet-stream", "payload.bin");
    }

    private static byte[] Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return text.StartsWith(Encoded, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Encoded.Length..], bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(text);
    }
}
