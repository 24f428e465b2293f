namespace Outbox.Embedded.Tests.Language.Expressions;

/// <summary><c>$dateFromString</c>.</summary>
public sealed class DateFromTextTests
{
    [Theory]
    [InlineData("{ dateString: '2017-02-08T12:10:40.787' }", "2017-02-08T12:10:40.787Z")]
    [InlineData("{ dateString: '2017-02-08T12:10:40.787Z' }", "2017-02-08T12:10:40.787Z")]
    [InlineData("{ dateString: '2017-02-08 12:10+0130' }", "2017-02-08T10:40:00Z")]
    [InlineData("{ dateString: '2017-02-08' }", "2017-02-08T00:00:00Z")]
    [InlineData("{ dateString: '2017-02-08T12:10:40.787', timezone: 'America/New_York' }", "2017-02-08T17:10:40.787Z")]
    [InlineData("{ dateString: '2017-02-08', timezone: '-05:00' }", "2017-02-08T05:00:00Z")]
    [InlineData("{ dateString: '2017-02-08T12:10:40Z', timezone: 'UTC' }", "2017-02-08T12:10:40Z")]
    [InlineData("{ dateString: '06-15-2018', format: '%m-%d-%Y' }", "2018-06-15T00:00:00Z")]
    [InlineData("{ dateString: '15-06-2018 07:08:09.5', format: '%d-%m-%Y %H:%M:%S.%L' }", "2018-06-15T07:08:09.500Z")]
    [InlineData("{ dateString: '1/2/2018', format: '%d/%m/%Y' }", "2018-02-01T00:00:00Z")]
    [InlineData("{ dateString: '2018-06-15 +0200', format: '%Y-%m-%d %z' }", "2018-06-14T22:00:00Z")]
    [InlineData("{ dateString: '2018-06-15 +120', format: '%Y-%m-%d %Z' }", "2018-06-14T22:00:00Z")]
    [InlineData("{ dateString: '2017-W51-4', format: '%G-W%V-%u' }", "2017-12-21T00:00:00Z")]
    [InlineData("{ dateString: '100% 2018-06-15', format: '100%% %Y-%m-%d' }", "2018-06-15T00:00:00Z")]
    [InlineData("{ dateString: '2018-11-04T01:30', timezone: 'America/New_York' }", "2018-11-04T05:30:00Z")]
    [InlineData("{ dateString: '2018-03-11T02:30', timezone: 'America/New_York' }", "2018-03-11T07:30:00Z")]
    public void A_text_is_a_date(string argument, string expected) =>
        Evaluating.Check($"{{ $dateFromString: {argument} }}", $"{{ $date: '{expected}' }}");

    [Theory]
    [InlineData("{ dateString: '$n' }", "null")]
    [InlineData("{ dateString: '$nothing', onNull: 'none' }", "'none'")]
    [InlineData("{ dateString: '2017-02-08', timezone: '$n' }", "null")]
    [InlineData("{ dateString: '2017-02-08', format: '$n' }", "null")]
    [InlineData("{ dateString: 'never', onError: '$s' }", "'text'")]
    [InlineData("{ dateString: '20177-02-09', onError: null }", "null")]
    [InlineData("{ dateString: 5, onError: 'odd' }", "'odd'")]
    [InlineData("{ dateString: '15/06/2018', format: '%d-%m-%Y', onError: 'odd' }", "'odd'")]
    public void Or_something_else(string argument, string expected) => Evaluating.Check($"{{ $dateFromString: {argument} }}", expected);

    [Theory]
    [InlineData("'2017-02-08'", 40540, "only supports an object")]
    [InlineData("{ dateString: 'x', zone: 'UTC' }", 40541, "zone")]
    [InlineData("{ format: '%Y' }", 40542, "dateString")]
    [InlineData("{ dateString: '2017-02-08', format: 5, onError: 1 }", 40684, "int")]
    [InlineData("{ dateString: null, format: '%Y-%q' }", 18536, "%q")]
    [InlineData("{ dateString: '2017', format: '%' }", 18535, "Unmatched")]
    [InlineData("{ dateString: null, timezone: 'Nowhere' }", 40485, "Nowhere")]
    [InlineData("{ dateString: '2017-02-08', timezone: 5 }", 40517, "int")]
    [InlineData("{ dateString: 5 }", 241, "int")]
    [InlineData("{ dateString: 'never' }", 241, "'never'")]
    [InlineData("{ dateString: '2017-13-08' }", 241, "2017-13-08")]
    [InlineData("{ dateString: '2017-02-08T12:10:40Z', timezone: 'Europe/Paris' }", 241, "timezone argument")]
    [InlineData("{ dateString: '2017-02-08 and more', format: '%Y-%m-%d' }", 241, "trailing data")]
    [InlineData("{ dateString: '2017-02', format: '%Y-%m-%d' }", 241, "not enough data")]
    [InlineData("{ dateString: '2017-02', format: '%Y-%m' }", 241, "incomplete")]
    [InlineData("{ dateString: '2017-02-08 7:5', format: '%Y-%m-%d %H:%M' }", 241, "2 digits")]
    [InlineData("{ dateString: 'July 4th, 2017', onError: 1 }", 238, "ISO 8601")]
    [InlineData("{ dateString: '2017-02-30', onError: 1 }", 238, "calendar")]
    public void Or_an_error(string argument, int code, string text) => Evaluating.Refused($"{{ $dateFromString: {argument} }}", code, text);

    [Theory]
    [InlineData("{ year: 2018, month: 11, day: 4, hour: 1, timezone: 'America/New_York' }", "2018-11-04T05:00:00Z")]
    [InlineData("{ year: 2018, month: 11, day: 4, hour: 4, timezone: 'America/New_York' }", "2018-11-04T09:00:00Z")]
    public void Parts_near_a_change_of_the_clocks(string parts, string expected) => Evaluating.Check($"{{ $dateFromParts: {parts} }}", $"{{ $date: '{expected}' }}");
}
