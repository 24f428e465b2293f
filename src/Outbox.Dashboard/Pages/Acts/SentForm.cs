using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Operations;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>What a person has sent.</summary>
internal sealed class SentForm(IFormCollection fields, Actor actor)
{
    public Decision Decision => new(Reason) { By = actor };

    public string Reason => Field(ActForm.Reason) is { } reason && !string.IsNullOrWhiteSpace(reason)
        ? reason.Length <= ActForm.LongestReason ? reason.Trim() : throw PageException.Wrong($"A reason has at most {ActForm.LongestReason} characters.")
        : throw PageException.Wrong("Say why: the reason is for those who find this in the audit.");

    /// <exception cref="PageException">It is not a form, or too large.</exception>
    public static async Task<SentForm> ReadAsync(Visit visit)
    {
        if (!visit.Http.Request.HasFormContentType)
        {
            throw PageException.Wrong("A form was expected.");
        }

        try
        {
            return new SentForm(await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted).ConfigureAwait(false), visit.Actor);
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException)
        {
            throw PageException.Wrong($"The form could not be read: {error.Message}");
        }
    }

    /// <summary>What a field has; <see langword="null"/> where nothing.</summary>
    public string? Field(string name) => fields[name].ToString() is { Length: > 0 } value ? value : null;
}
