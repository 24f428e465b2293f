using System.Diagnostics;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>An error as RFC 9457 has it, with a code for programs.</summary>
/// <param name="Type">Always <c>about:blank</c>: the code says what it is.</param>
/// <param name="Title">What the status means.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Code">What it is, for programs.</param>
/// <param name="Detail">What it is and what to do, for a person.</param>
internal sealed record ApiProblem(string Type, string Title, int Status, string Code, string Detail)
{
    /// <summary>Where to look in the service's traces and logs.</summary>
    public string? TraceId { get; init; }

    public static IResult Of(int status, string code, string detail) => Results.Json(
        new ApiProblem("about:blank", ReasonPhrases.GetReasonPhrase(status), status, code, detail) { TraceId = Activity.Current?.TraceId.ToString() },
        ApiJson.Options,
        MediaTypeNames.Application.ProblemJson,
        status);
}
